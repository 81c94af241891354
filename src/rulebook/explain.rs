//! A book in plain sentences, for whoever does not read rules: what each rule asks, who gets the lead and how, and what
//! happens otherwise; for the whole desk, or only what concerns one rep. Says what the text says; who is free right now and
//! what became of a lead is told elsewhere.

mod condition;

use self::condition::sentence;
use super::book::{Book, TimeSpan};
use super::check::{Names, check};
use super::literal::{self, weekday_text};
use super::tree::{
    CalendarLine, CapNode, Clause, DupByNode, DupThenNode, ElseNode, GiveNode, HoursNode, Item, Line, Lines,
    Name, OtherwiseNode, RespondNode, RuleNode, StepNode, StrategyNode, TargetNode, Tree, WhoseNode,
};
use crate::model::lang::Lang;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// A part of the book with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub heading: String,
    pub sentences: Vec<String>,
}

/// The whole book in plain sentences. With `rep` (a login or a name of the roster) only what can give them leads.
#[must_use]
pub fn explain(tree: &Tree, names: &Names, rep: Option<&str>, lang: Lang) -> Vec<Told> {
    let book = check(tree, names).book;
    let login = rep.and_then(|rep| names.reps.iter().find(|r| r.login == rep || r.name == rep));
    let teller = Teller { book: &book, lang };
    let mut out = Vec::new();
    let mut place = 0;
    for item in &tree.items {
        match &item.node {
            Item::Calendar(lines) => {
                let sentences = good(lines).filter_map(|line| teller.calendar(line)).collect();
                out.push(Told { heading: teller.say("Working hours", "工作时间"), sentences });
            }
            Item::Duplicates(lines) => {
                let sentences =
                    good(lines).map(|dup| teller.duplicate(&dup.by, dup.within_ms, &dup.then)).collect();
                out.push(Told { heading: teller.say("People who come again", "重复留资"), sentences });
            }
            Item::Score(lines) => {
                let sentences = good(lines).map(|line| teller.score(line.points, &line.when)).collect();
                out.push(Told { heading: teller.say("Score", "评分"), sentences });
            }
            Item::Rule(rule) => {
                place += 1;
                let known = |login: &super::RepName| reaches(rule, names, login);
                if rep.is_none() || (!rule.disabled && login.is_some_and(known)) {
                    out.push(teller.rule(place, rule));
                }
            }
            Item::Otherwise(otherwise) => {
                let sentences = vec![teller.otherwise(otherwise)];
                out.push(Told {
                    heading: teller.say("What no rule took", "没有规则接收的线索"), sentences
                });
            }
            Item::Define(_)
            | Item::Watch(_)
            | Item::Replies(_)
            | Item::Salt(_)
            | Item::Timers(_)
            | Item::Ramp(_)
            | Item::Pool(_)
            | Item::Promotion(_)
            | Item::Notify(_)
            | Item::Broken(_) => {}
        }
    }
    out
}

/// The lines of a block that could be read.
fn good<T>(lines: &Lines<T>) -> impl Iterator<Item = &T> {
    lines.iter().filter_map(|line| match &line.node {
        Line::Good(good) => Some(good),
        Line::Broken(_) => None,
    })
}

/// Whether a rule can give a lead to a rep.
fn reaches(rule: &RuleNode, names: &Names, rep: &super::RepName) -> bool {
    let is_target = |target: &TargetNode| match target {
        TargetNode::Team(team) => {
            let members = names.teams.get(&literal::normal(&team.text));
            members.is_some_and(|all| all.contains(&rep.login))
        }
        TargetNode::Rep(name) => {
            let name = literal::normal(&name.text);
            name == rep.login || name == rep.name
        }
        TargetNode::Owner => true,
    };
    let has = |skill: &Name| rep.skills.iter().any(|s| s.eq_ignore_ascii_case(&literal::normal(&skill.text)));
    let gives =
        rule.clauses.iter().any(|c| matches!(&c.node, Clause::Give(give) if give.to.iter().any(is_target)));
    gives && rule.clauses.iter().all(|c| !matches!(&c.node, Clause::Needs(skills) if !skills.iter().all(has)))
}

/// Finds the words.
struct Teller<'a> {
    book: &'a Book,
    lang: Lang,
}

impl Teller<'_> {
    fn say(&self, en: impl Into<String>, zh: impl Into<String>) -> String {
        match self.lang {
            Lang::En => en.into(),
            Lang::Zh => zh.into(),
        }
    }

    fn duration(&self, ms: i64) -> String {
        if self.lang == Lang::Zh {
            return spaced(&literal::duration_text(ms, Lang::Zh));
        }
        let (count, unit) = [(DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"), (1000, "second")]
            .into_iter()
            .find(|(size, _)| ms >= *size && ms % size == 0)
            .map_or((0, "second"), |(size, unit)| (ms / size, unit));
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }

    fn calendar(&self, line: &CalendarLine) -> Option<String> {
        match line {
            CalendarLine::Timezone(zone) => {
                Some(self.say(
                    format!("Times are those of {}.", zone.text),
                    format!("时间按 {} 计算。", zone.text),
                ))
            }
            CalendarLine::Hours(hours) => Some(self.hours(hours)),
            CalendarLine::Window { name, .. } => {
                let window =
                    self.book.calendar.windows.iter().find(|w| w.name == literal::normal(&name.text))?;
                let (from, to) = (window.from.format("%Y-%m-%d %H:%M"), window.to.format("%Y-%m-%d %H:%M"));
                Some(self.say(
                    format!("\"{}\" lasts from {from} to {to}.", window.name),
                    format!("“{}”从 {from} 到 {to}。", window.name),
                ))
            }
            CalendarLine::Holiday(_) | CalendarLine::Workday(_) => None,
        }
    }

    fn hours(&self, hours: &HoursNode) -> String {
        let days = hours.days.iter().map(|d| weekday_text(*d, self.lang));
        let days = days.collect::<Vec<_>>().join(&self.say(", ", "、"));
        let spans = |all: &[TimeSpan]| {
            let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
            let all = all.iter().map(|s| format!("{}–{}", clock(s.from), clock(s.to)));
            all.collect::<Vec<_>>().join(&self.say(", ", "、"))
        };
        let (en, zh) = match &hours.whose {
            WhoseNode::Desk => ("Everybody works".to_owned(), "大家".to_owned()),
            WhoseNode::Team(name) => (format!("Team {} works", name.text), format!("团队 {} ", name.text)),
            WhoseNode::Rep(name) => (format!("{} works", name.text), format!("{} ", name.text)),
        };
        let (worked, rest) = (spans(&hours.spans), spans(&hours.except));
        let (en_rest, zh_rest) = match rest.is_empty() {
            true => (String::new(), String::new()),
            false => (format!(", with a break {rest}"), format!("，其中 {rest} 休息")),
        };
        let (en_holidays, zh_holidays) =
            if hours.holidays { (", on holidays too", "，节假日照常") } else { ("", "") };
        self.say(
            format!("{en} {days} {worked}{en_rest}{en_holidays}."),
            format!("{zh}{days} {worked} 上班{zh_rest}{zh_holidays}。"),
        )
    }

    fn duplicate(&self, by: &DupByNode, within_ms: i64, then: &DupThenNode) -> String {
        let within = self.duration(within_ms);
        let (en, zh) = match by {
            DupByNode::Same(keys) => {
                let words = |lang| {
                    let table = super::keyword::CONTACT_KEYS;
                    let words = keys.iter().map(|k| super::keyword::word_for(table, *k, lang));
                    words.collect::<Vec<_>>().join(if lang == Lang::En { " or " } else { "或" })
                };
                (
                    format!("If somebody with the same {} came within {within}", words(Lang::En)),
                    format!("{within}内有{}相同的线索", words(Lang::Zh)),
                )
            }
            DupByNode::CompanyLike(share, _) => {
                let share = literal::percent_text(*share);
                (
                    format!("If a company with a name {share} alike came within {within}"),
                    format!("{within}内有公司名相似度达 {share} 的线索"),
                )
            }
        };
        let (en_then, zh_then) = match then {
            DupThenNode::GiveToOwner => {
                ("the lead goes to who owns that one".to_owned(), "分给原来的负责人".to_owned())
            }
            DupThenNode::Park(why) => {
                (format!("a person looks at it first (\"{why}\")"), format!("先转待人工（{why}）"))
            }
        };
        self.say(format!("{en}, {en_then}."), format!("{zh}时，{zh_then}。"))
    }

    fn score(&self, points: i32, when: &super::tree::Expr) -> String {
        let when = sentence(self.book, when, self.lang);
        self.say(format!("{points:+} if {when}."), format!("{when}时，{points:+} 分。"))
    }

    fn rule(&self, place: usize, rule: &RuleNode) -> Told {
        let name = &rule.name.text;
        let heading = self.say(format!("{place}. {name}"), format!("{place}. {name}"));
        if rule.disabled {
            let sentences = vec![self.say("Switched off.", "已停用。")];
            return Told { heading, sentences };
        }
        let find = |wanted: fn(&Clause) -> bool| rule.clauses.iter().map(|c| &c.node).find(|c| wanted(c));
        let mut sentences = vec![self.asks(
            find(|c| matches!(c, Clause::During(_) | Clause::DuringPromotion(_))),
            find(|c| matches!(c, Clause::When(_))),
        )];
        let mut passes = true;
        for clause in &rule.clauses {
            match &clause.node {
                Clause::Give(give) => sentences.push(self.give(give)),
                Clause::Needs(skills) => {
                    let skills = skills.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(", ");
                    sentences.push(self.say(
                        format!("Only those who have {skills}."),
                        format!("只分给具备 {skills} 技能的人。"),
                    ));
                }
                Clause::Cap(cap) => sentences.push(self.cap(cap)),
                Clause::Respond(respond) => sentences.push(self.respond(respond)),
                Clause::Else(otherwise) => {
                    passes = *otherwise == ElseNode::Pass;
                    sentences.extend(self.nobody(otherwise));
                }
                Clause::During(_) | Clause::DuringPromotion(_) | Clause::When(_) | Clause::Broken(_) => {}
            }
        }
        if passes {
            sentences
                .push(self.say("If nobody is free, the next rule is asked.", "无人可接时，看下一条规则。"));
        }
        Told { heading, sentences }
    }

    fn asks(&self, during: Option<&Clause>, when: Option<&Clause>) -> String {
        let (en, zh) = match during {
            Some(Clause::During(window)) => {
                (format!("During \"{}\": ", window.text), format!("“{}”期间，", window.text))
            }
            Some(Clause::DuringPromotion(name)) => (
                format!("While the promotion \"{}\" is on: ", name.text),
                format!("大促“{}”进行时，", name.text),
            ),
            _ => (String::new(), String::new()),
        };
        match when {
            Some(Clause::When(expr)) => {
                let when = sentence(self.book, expr, self.lang);
                self.say(format!("{en}leads of which {when}."), format!("{zh}{when}的线索。"))
            }
            _ => self.say(format!("{en}every lead."), format!("{zh}所有线索。")),
        }
    }

    fn targets(&self, give: &GiveNode) -> String {
        let target = |t: &TargetNode| match t {
            TargetNode::Team(name) => self.say(format!("team {}", name.text), format!("团队 {}", name.text)),
            TargetNode::Rep(name) => name.text.to_string(),
            TargetNode::Owner => self.say("whoever has this person already", "该客户已有的负责人"),
        };
        give.to.iter().map(target).collect::<Vec<_>>().join(&self.say(" or ", "或"))
    }

    fn give(&self, give: &GiveNode) -> String {
        let (to, how) = (self.targets(give), self.strategy(give.by.as_ref()));
        let (en, zh) = if give.within_team {
            (", counted within the team", "（只在团队内比较）")
        } else {
            ("", "")
        };
        self.say(format!("They go to {to}: {how}{en}."), format!("分给{to}：{how}{zh}。"))
    }

    fn strategy(&self, by: Option<&StrategyNode>) -> String {
        match by {
            None | Some(StrategyNode::Fair) => {
                self.say("to whoever is furthest behind a fair share", "优先给应得份额欠得最多的人")
            }
            Some(StrategyNode::RoundRobin) => self.say("strictly in turn", "严格轮流"),
            Some(StrategyNode::LeastLoaded) => {
                self.say("to whoever has least in hand for their cap", "优先给在手占上限比例最低的人")
            }
            Some(StrategyNode::Weighted) => self.say("in proportion to each one's weight", "按各人权重分"),
            Some(StrategyNode::Sticky(then)) => {
                let then = self.strategy(then.as_deref());
                self.say(
                    format!("first to whoever had this person before, else {then}"),
                    format!("老客户先给原来的人，否则{then}"),
                )
            }
        }
    }

    fn cap(&self, cap: &CapNode) -> String {
        let open = cap.open.map(|(n, _)| self.say(format!("{n} in hand"), format!("在手 {n} 条")));
        let day = cap.day.map(|(n, _)| self.say(format!("{n} a day"), format!("每日 {n} 条")));
        let both = [open, day].into_iter().flatten().collect::<Vec<_>>();
        self.say(
            format!("Nobody gets more by it than {}.", both.join(", ")),
            format!("每人最多{}。", both.join("、")),
        )
    }

    fn respond(&self, respond: &RespondNode) -> String {
        let within = self.duration(respond.within_ms);
        let step = |(step, _): &(StepNode, _)| match step {
            StepNode::Reassign(times) => {
                let times = times.unwrap_or(1);
                self.say(
                    format!("it goes to somebody else, {times} times at most"),
                    format!("转给别人（最多 {times} 次）"),
                )
            }
            StepNode::Escalate => self.say("a supervisor is told", "提醒主管"),
            StepNode::Recall => self.say("it goes back into the queue", "回到待分配"),
            StepNode::RecallToPool => self.say("it goes to the pool", "回到线索池"),
            StepNode::Park(why) => {
                self.say(format!("a person looks at it (\"{why}\")"), format!("转待人工（{why}）"))
            }
        };
        let mut steps: Vec<String> = respond.steps.iter().map(step).collect();
        if steps.is_empty() {
            steps.push(self.say("a supervisor is told", "提醒主管"));
        }
        let steps = steps.join(&self.say(", then ", "，再"));
        self.say(
            format!("If there is no contact within {within} of working time: {steps}."),
            format!("{within}工作时间内没有联系：{steps}。"),
        )
    }

    fn nobody(&self, otherwise: &ElseNode) -> Option<String> {
        match otherwise {
            ElseNode::Pass => None,
            ElseNode::Wait => Some(self.say("If nobody is free, they wait.", "无人可接时，线索等待。")),
            ElseNode::Park(why) => Some(self.say(
                format!("If nobody is free, a person looks at them (\"{why}\")."),
                format!("无人可接时，转待人工（{why}）。"),
            )),
        }
    }

    fn otherwise(&self, otherwise: &OtherwiseNode) -> String {
        match otherwise {
            OtherwiseNode::Wait => self.say("It waits.", "等待。"),
            OtherwiseNode::Park(why) => {
                self.say(format!("A person looks at it (\"{why}\")."), format!("转待人工（{why}）。"))
            }
            OtherwiseNode::Give(give) => {
                let (to, how) = (self.targets(give), self.strategy(give.by.as_ref()));
                self.say(format!("It goes to {to}: {how}."), format!("分给{to}：{how}。"))
            }
        }
    }
}

/// A blank between a figure and its Chinese unit.
fn spaced(text: &str) -> String {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{RepName, parse};

    const BOOK: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n\
        define 东 = (上海, 江苏)\nduplicates\n same phone or same email within 90d -> give to owner\n\
        rule \"East\"\n when region in 东 and score >= 80\n give to team A, owner by sticky then least-loaded\n cap 40 open, 12 per day\n \
        respond within 10m, else reassign 2 times, then escalate\n\
        rule \"English\"\n when language = english or not (phone is not empty)\n needs skill english\n give to team B\n else wait\n\
        otherwise park \"nobody\"\nreplies from crm\n";

    fn names() -> Names {
        let rep = |login: &str, skill: &str| RepName {
            login: login.into(),
            name: login.into(),
            active: true,
            skills: vec![skill.into()],
        };
        Names {
            teams: [("A".into(), vec!["ann".into()]), ("B".into(), vec!["bo".into(), "cai".into()])].into(),
            reps: vec![rep("ann", "x"), rep("bo", "english"), rep("cai", "x")],
            ..Names::default()
        }
    }

    fn page(rep: Option<&str>, lang: Lang) -> String {
        let told = explain(&parse(BOOK).tree, &names(), rep, lang);
        told.iter().map(|t| format!("{}\n  {}\n", t.heading, t.sentences.join("\n  "))).collect()
    }

    #[test]
    fn a_book_is_told_in_either_language() {
        insta::assert_snapshot!(format!("{}\n{}", page(None, Lang::En), page(None, Lang::Zh)));
    }

    #[test]
    fn a_rep_hears_of_the_rules_that_reach_them() {
        let heard = |rep: &str| page(Some(rep), Lang::En);
        assert!(heard("ann").contains("1. East") && !heard("ann").contains("2. English"));
        // The owner of anybody may get a lead of the first rule.
        assert!(heard("bo").contains("2. English") && heard("bo").contains("1. East"));
        assert!(!heard("cai").contains("2. English"), "no English, no such leads");
    }

    #[test]
    fn both_keyword_languages_are_told_alike() {
        let tree = parse(BOOK).tree;
        let chinese = parse(&crate::rulebook::print_in(&tree, Lang::Zh)).tree;
        for lang in [Lang::En, Lang::Zh] {
            assert_eq!(explain(&chinese, &names(), None, lang), explain(&tree, &names(), None, lang));
        }
    }
}
