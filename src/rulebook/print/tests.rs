//! What is printed reads back as the same tree, for texts people write and for trees nobody would.

use proptest::prelude::*;
use smol_str::SmolStr;

use super::super::tree::*;
use super::super::{parse, print, print_in};
use crate::model::lang::Lang;
use crate::rulebook::keyword::{COMPARISONS, LOUDNESSES, METRICS, WATCHES};
use crate::rulebook::testing::{SKETCH, mutated_book};
use crate::rulebook::{Amount, Cmp, TimeSpan, literal};

fn canonical(text: &str) -> String {
    print(&parse(text).tree)
}

#[test]
fn the_sketch_reads_without_error_and_round_trips() {
    let parsed = parse(SKETCH);
    assert_eq!(parsed.diagnostics, vec![]);
    let text = print(&parsed.tree);
    let again = parse(&text);
    assert_eq!(again.tree, parsed.tree, "{text}");
    assert_eq!(print(&again.tree), text);
    insta::assert_snapshot!(text);
}

#[test]
fn the_sketch_in_chinese_is_the_same_book() {
    let parsed = parse(SKETCH);
    let text = print_in(&parsed.tree, Lang::Zh);
    let again = parse(&text);
    assert_eq!((&again.diagnostics, &again.tree), (&vec![], &parsed.tree), "{text}");
    assert_eq!(again.tree.source.keywords, Lang::Zh);
    assert_eq!(print(&again.tree), text, "a book stays in its own language");
    assert_eq!(print_in(&again.tree, Lang::En), print(&parsed.tree));
    insta::assert_snapshot!(text);
}

#[test]
fn canonical_forms_in_chinese() {
    for (text, want) in [
        (
            "规则 东区 当 区域 属于 华东 且 评分 >= 80 分配给 团队 \"East Senior\" 按 最少负载",
            "规则 \"东区\"\n  当 地区 属于 华东 且 评分 >= 80\n  分配给 团队 \"East Senior\" 按 最少负载\n",
        ),
        (
            "日历\n工作时间 周一..周五 9:00..18:00 休息 12:00..13:00\n团队 夜班 上班 周六、周日 20:00..02:00 含节假日",
            "日历\n  工作时间 周一..周五 09:00..18:00 休息 12:00..13:00\n  团队 夜班 上班 周六, 周日 20:00..02:00 含节假日\n",
        ),
        (
            "规则 甲\n分配给 团队 乙，销售 丙 按 老客户优先 然后 加权 团队内\n上限 40 在手，每天 12\n限时响应 10分，否则 转派 2次，然后 升级",
            "规则 \"甲\"\n  分配给 团队 乙, 销售 丙 按 老客户优先 然后 加权 团队内\n  上限 在手 40, 每日 12\n  限时响应 10分钟, 否则 转派 2 次, 然后 升级提醒\n",
        ),
        (
            "新人爬坡 针对 团队 乙 第 1周 25%，第 2..3 周 50%，每日 至少 1\n线索池\n可见 全员\n领取 每日 10，手上 30，占用 轮次\n\
             冷却 7天 针对 前负责人\n保留 新线索 2小时\n回池 满 5个工作日 未联系",
            "新人爬坡 针对 团队 乙 第 1 周 25%, 第 2..3 周 50%, 每日 至少 1\n\n线索池\n  可见 全员\n  领取 每日 10, 手上 30, 占用 轮次\n  \
             冷却 7天 针对 前负责人\n  保留 新线索 2小时\n  回池 满 5 个工作日 未联系\n",
        ),
        (
            "监控 延迟分派 当 已等待 > 5分钟 警告，满 15分钟 呼叫\n监控 分配不均 当 份额 > 1.8倍 公平 累计 4小时 持续 10分钟 提示",
            "监控 延迟分派 当 已等待 > 5分钟 警告, 满 15分钟 呼叫\n监控 分配不均 当 份额 > 1.8倍 公平 累计 4小时 持续 10分钟 提示\n",
        ),
        (
            "查重\n相同 电话 或 相同 微信 近 90天 → 分配给 负责人\n公司 近似 0.9 近 30天 → 转待人工 “疑似”",
            "查重\n  相同 电话 或 相同 微信 近 90天 -> 分配给 负责人\n  公司 近似 0.9 近 30天 -> 转待人工 \"疑似\"\n",
        ),
        (
            "规则 甲\n当 非（状态 = 待人工 或 到达星期 属于（周六、周日）且 已等待 > 1小时）\n分配给 负责人",
            "规则 \"甲\"\n  当 非 (状态 = 待人工 或 到达星期 属于 (周六, 周日) 且 已等待 > 1小时)\n  分配给 负责人\n",
        ),
        // A mixed text is read; it is written in the language that prevails.
        (
            "rule A\nwhen 渠道 = 抖音 且 score > 3\ngive to 团队 B",
            "rule \"A\"\n  when source = 抖音 and score > 3\n  give to team B\n",
        ),
        (
            "规则 甲\n大促期间 双11\n当 电话 为空\ngive to owner",
            "规则 \"甲\"\n  大促期间 \"双11\"\n  当 电话 为空\n  分配给 负责人\n",
        ),
    ] {
        assert_eq!(canonical(text), want, "{text}");
        assert_eq!(canonical(want), want, "canonical text stays as it is");
    }
}

/// What an English book meant by a word stays so, though Chinese books now mean something else by it.
#[test]
fn words_that_were_names_and_values_stay_so() {
    for (text, want) in [
        ("rule A\nwhen source = 且 and city in (分配给, 当)\ngive to team 团队, 负责人", None),
        ("rule A\ngive to team A, 销售 by fair", Some("rule \"A\"\n  give to team A, team 销售 by fair\n")),
        ("define 部门 = (\n规则,\n监控)\nrule R\nwhen x.部门 in 部门\ngive to rep 负责人", None),
        ("rule 停用\ngive to rep 按", None),
        ("replies from 规则,\n  当\ndefine 属于 = (x)", None),
        ("pool\n seen by team A, 团队", Some("pool\n  seen by team A, team 团队\n")),
        ("promotion 大促期间\nrule R\nduring 大促\ngive to owner", None),
        ("rule R\nwhen product = 5次 and x.到期 = 2周\ngive to owner", None),
    ] {
        let parsed = parse(text);
        assert_eq!(parsed.diagnostics, vec![], "{text}");
        assert_eq!(parsed.tree.source.keywords, Lang::En, "{text}");
        if let Some(want) = want {
            assert_eq!(print(&parsed.tree), want);
        }
        let chinese = print_in(&parsed.tree, Lang::Zh);
        assert_eq!(parse(&chinese).tree, parsed.tree, "{chinese}");
    }
}

#[test]
fn canonical_forms() {
    for (text, want) in [
        ("define  A=( a ,b )", "define A = (a, b)\n"),
        ("define A = (a,\n  # why b\n  b)  # trail", "# why b\ndefine A = (a, b)  # trail\n"),
        ("定义", "定义\n"),
        ("rule A\n give to team B,C\n when a = 1", "rule \"A\"\n  when a = 1\n  give to team B, team C\n"),
        ("rule “甲” disabled\ngive to owner", "rule \"甲\" disabled\n  give to owner\n"),
        (
            "rule A\nwhen ((a=b) and (c = d or e is  empty))",
            "rule \"A\"\n  when a = b and (c = d or e is empty)\n",
        ),
        ("rule A\nwhen a=b\n  and c=d\n  or e=f", "rule \"A\"\n  when a = b and c = d or e = f\n"),
        ("rule A\nwhen X.\"two words\" >= 5", "rule \"A\"\n  when x.\"two words\" >= 5\n"),
        (
            "calendar\nworkdays Sat, mon..wed, 周四 9:00..12:00",
            "calendar\n  workdays Mon..Thu, Sat 09:00..12:00\n",
        ),
        (
            "calendar\nteam Night works mon..fri 20:00..02:00 except 23:00..23:30 and holidays\nREP \"li na\" works Sat 10:00..16:00",
            "calendar\n  team Night works Mon..Fri 20:00..02:00 except 23:00..23:30 and holidays\n  rep \"li na\" works Sat 10:00..16:00\n",
        ),
        ("watch missed page", "watch missed page\n"),
        (
            "ramp for team B 25% in weeks 1,50% in weeks 2..3, at least 1 per day",
            "ramp for team B 25% in week 1, 50% in weeks 2..3, at least 1 per day\n",
        ),
        (
            "pool\nseen by team A,B when a=b\nseen by everyone\nclaim 30 in hand,10 per day\nclaim uses a turn\n\
             cooldown 7d\nhold new leads 2h\nreturn after 1 working day without contact",
            "pool\n  seen by team A, team B when a = b\n  seen by everyone\n  claim 10 per day, 30 in hand\n  \
             claim uses a turn\n  cooldown 7d for previous owner\n  hold new leads 2h\n  \
             return after 1 working days without contact\n",
        ),
        (
            "promotion 双11\n team B works Sat 10:00..16:00\nweight 2.50 for rep b\ncap 20 per day,60 open for team B\n\
             during “双11”\n  watch delayed when waiting > 15m warn\nwatch missed page",
            "promotion \"双11\"\n  team B works Sat 10:00..16:00\n  weight 2.5 for rep b\n  \
             cap 60 open, 20 per day for team B\n  during \"双11\"\n  watch delayed when waiting > 15m warn\n\n\
             watch missed page\n",
        ),
        (
            "rule A\nduring promotion 双11\nrule B\nduring promotion",
            "rule \"A\"\n  during promotion \"双11\"\n\nrule \"B\"\n  during \"promotion\"\n",
        ),
        ("# only a comment\n\n#another", "# only a comment\n# another\n"),
        (
            "rule A\n else wait # x\n gvie to team B\n when a = b",
            "rule \"A\"\n  else wait  # x\n  gvie to team B\n  when a = b\n",
        ),
        (
            "rule A\ngive to team B by sticky then least-loaded within team",
            "rule \"A\"\n  give to team B by sticky then least-loaded within team\n",
        ),
    ] {
        assert_eq!(canonical(text), want, "{text}");
        assert_eq!(canonical(want), want, "canonical text stays as it is");
    }
}

#[test]
fn long_lists_and_conditions_are_broken_over_lines() {
    let cities: Vec<String> = (0..40).map(|i| format!("城市{i}")).collect();
    let text = format!(
        "define A = ({})\nrule R\nwhen city in ({}) and {}\ngive to owner",
        cities.join(", "),
        cities.join(", "),
        (0..20).map(|i| format!("x.f{i} = value{i}")).collect::<Vec<_>>().join(" and ")
    );
    let parsed = parse(&text);
    let printed = print(&parsed.tree);
    assert_eq!(parse(&printed).tree, parsed.tree, "{printed}");
    assert!(printed.lines().count() > 20, "{printed}");
}

fn text() -> impl Strategy<Value = SmolStr> {
    prop_oneof![
        "[a-z]{1,6}",
        "[上海江苏浙安徽官网抖音]{1,4}",
        "[ -~]{0,8}",
        "\\PC{0,6}",
        Just("rule".to_owned()),
        Just("not".to_owned()),
        Just("a..b".to_owned()),
        Just("line\nbreak\t\"q\" \\".to_owned()),
        keyword_of_either(),
    ]
    .prop_map(SmolStr::from)
}

/// Words that Chinese books give a meaning to; anywhere else they are names and values.
fn keyword_of_either() -> impl Strategy<Value = String> {
    let words = [
        "且",
        "分配给",
        "团队",
        "负责人",
        "规则",
        "停用",
        "5次",
        "2个工作日",
        "大促期间",
        "至少",
        "Sat",
        "5m",
        "parked",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn word() -> impl Strategy<Value = SmolStr> {
    prop_oneof!["[b-z][a-z0-9]{2,6}q", "[上海江苏浙安徽]{1,4}", "[0-9]{1,4}", keyword_of_either()]
        .prop_map(SmolStr::from)
}

fn name() -> impl Strategy<Value = Name> {
    text().prop_map(|text| Name { text, at: Place::default() })
}

fn lit() -> impl Strategy<Value = Lit> {
    prop_oneof![
        word().prop_map(|text| Lit { text, quoted: false, at: Place::default() }),
        text().prop_map(|text| Lit { text, quoted: true, at: Place::default() })
    ]
}

fn cmp() -> impl Strategy<Value = Cmp> {
    prop::sample::select(COMPARISONS.iter().map(|(c, ..)| *c).collect::<Vec<_>>())
}

fn ms() -> impl Strategy<Value = i64> {
    (0..100_000i64).prop_map(|s| s * 1000)
}

fn expr() -> impl Strategy<Value = Expr> {
    let op = prop_oneof![
        (cmp(), lit()).prop_map(|(c, l)| OpNode::Is(c, l)),
        (any::<bool>(), prop::collection::vec(lit(), 1..40))
            .prop_map(|(negated, v)| OpNode::In { negated, set: SetNode::List(v) }),
        (any::<bool>(), name()).prop_map(|(negated, n)| OpNode::In { negated, set: SetNode::Define(n) }),
        lit().prop_map(OpNode::Contains),
        lit().prop_map(OpNode::StartsWith),
        any::<bool>().prop_map(|negated| OpNode::Empty { negated }),
    ];
    let field = prop_oneof![
        prop::sample::select(vec!["source", "score", "waiting", "company", "weekday", "state", "nonsense"])
            .prop_map(|n| FieldNode { name: n.into(), custom: false, at: Place::default() }),
        text().prop_map(|name| FieldNode { name, custom: true, at: Place::default() })
    ];
    let test = (field, op).prop_map(|(field, op)| Expr::Test(TestNode { field, op, at: Place::default() }));
    test.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            inner.prop_map(|e| Expr::Not(Box::new(e))),
        ]
    })
}

fn noted<T: std::fmt::Debug>(node: impl Strategy<Value = T>) -> impl Strategy<Value = Noted<T>> {
    let comment = || "[a-z#\" 上海]{0,12}".prop_map(|c: String| SmolStr::new(c.trim()));
    (prop::collection::vec(comment(), 0..2), prop::option::of(comment()), node)
        .prop_map(|(before, trail, node)| Noted { before, trail, at: Place::default(), node })
}

fn give() -> impl Strategy<Value = GiveNode> {
    let target = prop_oneof![
        name().prop_map(TargetNode::Team),
        name().prop_map(TargetNode::Rep),
        Just(TargetNode::Owner)
    ];
    let by = prop_oneof![
        Just(StrategyNode::Fair),
        Just(StrategyNode::LeastLoaded),
        Just(StrategyNode::Sticky(None)),
        Just(StrategyNode::Sticky(Some(Box::new(StrategyNode::Weighted)))),
    ];
    (prop::collection::vec(target, 1..4), prop::option::of(by), any::<bool>())
        .prop_map(|(to, by, within_team)| GiveNode { to, by, within_team })
}

fn count() -> impl Strategy<Value = Option<(u32, Place)>> {
    prop::option::of((0..1000u32).prop_map(|n| (n, Place::default())))
}

pub(in crate::rulebook) fn rule() -> impl Strategy<Value = Item> {
    let step = prop_oneof![
        prop::option::of(0..30u32).prop_map(StepNode::Reassign),
        Just(StepNode::Escalate),
        Just(StepNode::Recall),
        Just(StepNode::RecallToPool),
        text().prop_map(StepNode::Park)
    ];
    let steps = prop::collection::vec(step.prop_map(|s| (s, Place::default())), 0..3);
    let tail = prop_oneof![Just(ElseNode::Pass), Just(ElseNode::Wait), text().prop_map(ElseNode::Park)];
    let cap = (count(), count()).prop_filter("one cap at least", |(a, b)| a.is_some() || b.is_some());
    let clauses = (
        prop::option::of(noted(prop_oneof![
            name().prop_map(Clause::During),
            name().prop_map(Clause::DuringPromotion)
        ])),
        prop::option::of(noted(expr().prop_map(Clause::When))),
        prop::option::of(noted(give().prop_map(Clause::Give))),
        prop::option::of(noted(prop::collection::vec(name(), 1..3).prop_map(Clause::Needs))),
        prop::option::of(noted(cap.prop_map(|(open, day)| Clause::Cap(CapNode { open, day })))),
        prop::option::of(noted(
            (ms(), steps).prop_map(|(within_ms, steps)| Clause::Respond(RespondNode { within_ms, steps })),
        )),
        prop::option::of(noted(tail.prop_map(Clause::Else))),
    );
    (name(), any::<bool>(), clauses).prop_map(|(name, disabled, (a, b, c, d, e, f, g))| {
        let clauses = [a, b, c, d, e, f, g].into_iter().flatten().collect();
        Item::Rule(RuleNode { name, disabled, clauses })
    })
}

fn hours() -> impl Strategy<Value = HoursNode> {
    let span = || (0..=1440u16, 0..=1440u16).prop_map(|(from, to)| TimeSpan { from, to });
    let whose = prop_oneof![
        (Just(WhoseNode::Desk), Just(false)),
        (name().prop_map(WhoseNode::Team), any::<bool>()),
        (name().prop_map(WhoseNode::Rep), any::<bool>())
    ];
    let days = prop::collection::btree_set(1..=7u8, 1..7);
    (whose, days, prop::collection::vec(span(), 1..3), prop::option::of(span())).prop_map(
        |((whose, holidays), days, spans, except)| HoursNode {
            whose,
            holidays,
            days: days.into_iter().collect(),
            spans,
            except: except.into_iter().collect(),
            at: Place::default(),
        },
    )
}

fn promotion() -> impl Strategy<Value = Item> {
    let whom = || prop_oneof![name().prop_map(WhoseNode::Team), name().prop_map(WhoseNode::Rep)];
    let whose = prop_oneof![Just(WhoseNode::Desk), whom()];
    let line = prop_oneof![
        name().prop_map(PromotionLine::During),
        (count(), count(), whose)
            .prop_filter("one cap at least", |(a, b, _)| a.is_some() || b.is_some())
            .prop_map(|(open, day, whose)| PromotionLine::Cap { cap: CapNode { open, day }, whose }),
        (0..200_000i64, whom()).prop_map(|(milli, whose)| PromotionLine::Weight {
            milli,
            whose,
            at: Place::default()
        }),
        hours().prop_map(PromotionLine::Hours),
        watch_node().prop_map(PromotionLine::Watch),
    ];
    (name(), prop::collection::vec(noted(line.prop_map(Line::Good)), 0..5))
        .prop_map(|(name, lines)| Item::Promotion(PromotionNode { name, lines }))
}

fn calendar() -> impl Strategy<Value = Item> {
    let day =
        || (0..20_000i32).prop_map(|d| chrono::NaiveDate::from_num_days_from_ce_opt(730_000 + d).unwrap());
    let days = || {
        (day(), prop::option::of(day()), prop::option::of(text())).prop_map(|(from, to, name)| DaysNode {
            from,
            to,
            name,
            at: Place::default(),
        })
    };
    let moment = || {
        prop_oneof![
            day().prop_map(MomentNode::Day),
            (day(), 0..1440u16)
                .prop_map(|(d, m)| MomentNode::Minute(d.and_time(literal::time_of(m).unwrap())))
        ]
    };
    let line = prop_oneof![
        name().prop_map(CalendarLine::Timezone),
        hours().prop_map(CalendarLine::Hours),
        days().prop_map(CalendarLine::Holiday),
        days().prop_map(CalendarLine::Workday),
        (name(), moment(), moment()).prop_map(|(name, from, to)| CalendarLine::Window {
            name,
            from,
            to,
            at: Place::default()
        }),
    ];
    prop::collection::vec(noted(line.prop_map(Line::Good)), 0..4).prop_map(Item::Calendar)
}

fn watch() -> impl Strategy<Value = Item> {
    watch_node().prop_map(Item::Watch)
}

fn watch_node() -> impl Strategy<Value = WatchNode> {
    let amount = || {
        prop_oneof![
            (0..2000i64).prop_map(Amount::Percent),
            (0..9000i64).prop_map(Amount::Times),
            ms().prop_map(Amount::Duration),
            (0..500i64).prop_map(Amount::Count)
        ]
    };
    let metric = prop::sample::select(METRICS.iter().map(|(m, ..)| *m).collect::<Vec<_>>());
    let kind = prop::sample::select(WATCHES.iter().map(|(m, ..)| *m).collect::<Vec<_>>());
    let loudness = prop::sample::select(LOUDNESSES.iter().map(|(m, ..)| *m).collect::<Vec<_>>());
    let measure =
        (metric, cmp(), amount(), any::<bool>(), prop::option::of((cmp(), amount())), prop::option::of(ms()))
            .prop_map(|(metric, op, amount, fair, beside, over_ms)| MeasureNode {
                metric,
                op,
                amount,
                fair,
                beside,
                over_ms,
                at: Place::default(),
            });
    let what = prop_oneof![
        Just(ReliefWhat::Reassign),
        Just(ReliefWhat::Recall),
        name().prop_map(ReliefWhat::Spread)
    ];
    let relief = (what, prop::option::of(any::<u32>())).prop_map(|(what, most)| ReliefNode {
        what,
        most: most.map(|most| (most, Place::default())),
        at: Place::default(),
    });
    let measures = prop::collection::vec(measure, 0..3);
    (kind, measures, prop::option::of(ms()), loudness, prop::option::of(ms()), prop::option::of(relief))
        .prop_map(|(kind, when, for_ms, loudness, page_after_ms, relief)| WatchNode {
            relief,
            kind,
            when,
            for_ms,
            loudness,
            page_after_ms,
        })
}

fn ramp() -> impl Strategy<Value = Item> {
    let step = (0..2000i64, 0..60u32, 0..60u32).prop_map(|(share_milli, from, to)| RampStepNode {
        share_milli,
        from,
        to,
        at: Place::default(),
    });
    (prop::option::of(name()), prop::collection::vec(step, 1..4), count())
        .prop_map(|(team, steps, at_least)| Item::Ramp(RampNode { team, steps, at_least }))
}

fn pool() -> impl Strategy<Value = Item> {
    let line = prop_oneof![
        (prop::collection::vec(name(), 0..3), prop::option::of(expr()))
            .prop_map(|(by, when)| PoolLine::Seen { by, when }),
        (count(), count(), any::<bool>())
            .prop_filter("something is claimed", |(a, b, turn)| a.is_some() || b.is_some() || *turn)
            .prop_map(|(day, hand, turn)| PoolLine::Claim { day, hand, turn }),
        ms().prop_map(PoolLine::Cooldown),
        ms().prop_map(PoolLine::Hold),
        (0..100u32).prop_map(|n| PoolLine::Return(n, Place::default())),
    ];
    prop::collection::vec(noted(line.prop_map(Line::Good)), 0..4).prop_map(Item::Pool)
}

fn notify() -> impl Strategy<Value = Item> {
    use crate::model::channel::{ChannelKind, Topic};
    let kind = prop::sample::select(ChannelKind::ALL.to_vec());
    let all = vec![Topic::Page, Topic::Warn, Topic::Info, Topic::Digest, Topic::Assigned];
    let on = prop::sample::subsequence(all, 1..=5).prop_shuffle();
    (kind, name(), on, prop::option::of(name()))
        .prop_map(|(kind, name, on, team)| Item::Notify(NotifyNode { kind, name, on, team }))
}

fn item() -> impl Strategy<Value = Item> {
    let keys = vec![crate::rulebook::ContactKey::Phone, crate::rulebook::ContactKey::Wechat];
    let dup = prop_oneof![
        Just(DupByNode::Same(keys)),
        (0..3000i64).prop_map(|s| DupByNode::CompanyLike(s, Place::default()))
    ];
    let then = prop_oneof![Just(DupThenNode::GiveToOwner), text().prop_map(DupThenNode::Park)];
    let dups = (dup, ms(), then)
        .prop_map(|(by, within_ms, then)| Line::Good(DupNode { by, within_ms, then, at: Place::default() }));
    let scores = (-999..999i32, expr()).prop_map(|(points, when)| Line::Good(ScoreNode { points, when }));
    prop_oneof![
        calendar(),
        rule(),
        watch(),
        ramp(),
        pool(),
        promotion(),
        (name(), prop::collection::vec(lit(), 1..30))
            .prop_map(|(name, values)| Item::Define(DefineNode { name, values })),
        prop::collection::vec(noted(scores), 0..3).prop_map(Item::Score),
        prop::collection::vec(noted(dups), 0..3).prop_map(Item::Duplicates),
        prop_oneof![
            text().prop_map(OtherwiseNode::Park),
            Just(OtherwiseNode::Wait),
            give().prop_map(OtherwiseNode::Give)
        ]
        .prop_map(Item::Otherwise),
        prop::collection::vec(name(), 1..4).prop_map(Item::Replies),
        notify(),
        any::<u64>().prop_map(Item::Salt),
        any::<u32>().prop_map(|most| Item::Timers((most, Place::default()))),
    ]
}

/// Whatever was written prints and reads back the same with keywords of either language.
fn both_ways(text: &str) -> Result<(), TestCaseError> {
    let once = parse(text).tree;
    for lang in [Lang::En, Lang::Zh] {
        let printed = print_in(&once, lang);
        prop_assert_eq!(&parse(&printed).tree, &once, "{}\n----\n{}", text, printed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_tree_reads_back_as_itself(
        items in prop::collection::vec(noted(item()), 0..5),
        tail in prop::collection::vec("[a-z]{1,5}".prop_map(SmolStr::from), 0..2),
    ) {
        let tree = Tree { items, tail, ..Tree::default() };
        for lang in [Lang::En, Lang::Zh] {
            let text = print_in(&tree, lang);
            let parsed = parse(&text);
            prop_assert_eq!(&parsed.diagnostics, &vec![], "{}", text);
            prop_assert_eq!(&parsed.tree, &tree, "{}", text);
            prop_assert_eq!(print_in(&parsed.tree, lang), text);
        }
    }

    #[test]
    fn printing_is_stable_on_mutated_books(text in mutated_book()) {
        both_ways(&text)?;
    }

    #[test]
    fn printing_is_stable_on_any_text(text in "([a-z]{1,3}|[ \n#(),=\"“”：。.>-]|when|rule|give to|score|define|or|not|当|规则|分配给|评分|且|不为空|5次|\\PC){0,60}") {
        both_ways(&text)?;
    }
}
