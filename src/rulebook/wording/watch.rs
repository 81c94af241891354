//! The sentences about watch lines that nothing would come of.

use super::super::book::WatchKind;
use super::super::diagnostic::DiagCode;
use super::super::keyword::{CHANNELS, METRICS, TOPICS, WATCHES, word_for};
use super::super::lower::watch::example;
use crate::model::channel::Topic;
use crate::model::lang::Lang;

/// Both sentences of a finding about a watch line; words of the language are those of the text, `kl`.
pub(super) fn watched(code: &DiagCode, kl: Lang) -> (String, String) {
    match code {
        DiagCode::WatchFigure { watch, metric } => {
            let (watch, figure) = (word_for(WATCHES, *watch, kl), word_for(METRICS, *metric, kl));
            (format!("{figure} says nothing about {watch} here"), format!("{figure} 在这里与 {watch} 无关"))
        }
        DiagCode::WatchBackwards { metric, beside } => {
            let figure = word_for(METRICS, *metric, kl);
            if *beside {
                let en = format!("beside the {figure} that is too high stands one that is low: < or <=");
                (en, format!("“另有”写的是较低的{figure}：用 < 或 <="))
            } else {
                (
                    format!("{figure} is watched for too much of it: > or >="),
                    format!("{figure} 监控过高：用 > 或 >="),
                )
            }
        }
        DiagCode::WatchNeedsFigure { watch } => {
            let watch = word_for(WATCHES, *watch, kl);
            (format!("{watch} has no limit of its own"), format!("{watch} 没有默认界限"))
        }
        DiagCode::NotifyUnfit { kind, topic } => {
            let (kind, topic) = (word_for(CHANNELS, *kind, kl), word_for(TOPICS, *topic, kl));
            (format!("{kind} is never used for {topic}"), format!("{kind} 不用于 {topic}"))
        }
        DiagCode::WatchBlind { watch } => {
            let watch = word_for(WATCHES, *watch, kl);
            (
                format!("{watch} sees nothing: no replies are declared as recorded"),
                format!("{watch} 什么也看不到：没有声明哪些渠道记录回复"),
            )
        }
        _ => (String::new(), String::new()),
    }
}

/// What to write instead.
pub(super) fn watch_advice(code: &DiagCode, kl: Lang) -> Option<(String, String)> {
    match code {
        DiagCode::WatchFigure { watch, metric } => {
            Some(figures(*watch, watch.figures().contains(metric), kl))
        }
        DiagCode::NotifyUnfit { kind, .. } if kind.is_sms() => {
            let page = word_for(TOPICS, Topic::Page, kl);
            Some((
                format!("each text message is paid for: only {page} is worth it"),
                format!("短信按条计费，只用于 {page}"),
            ))
        }
        DiagCode::NotifyUnfit { .. } => Some((
            "consoles ring for alerts; the rest is on screen anyway".to_owned(),
            "控制台只对异常提醒响铃，其余内容屏幕上都能看到".to_owned(),
        )),
        DiagCode::WatchNeedsFigure { watch } => {
            let figure = watch.figures().first().copied()?;
            let line = format!("{} > {}", word_for(METRICS, figure, kl), example(figure, kl));
            Some((format!("say which, such as: {line}"), format!("请写出界限，例如 {line}")))
        }
        _ => None,
    }
}

fn figures(watch: WatchKind, known: bool, kl: Lang) -> (String, String) {
    if known {
        return ("give it a line of its own".into(), "请另写一行".into());
    }
    let words: Vec<&str> = watch.figures().iter().map(|figure| word_for(METRICS, *figure, kl)).collect();
    if words.is_empty() {
        return ("it has no figure to set".into(), "它没有可设的数值".into());
    }
    (format!("it is set by {}", words.join(", ")), format!("它由{}设定", words.join("、")))
}
