//! What is printed reads back as the same tree, for texts people write and for trees nobody would.

use proptest::prelude::*;
use smol_str::SmolStr;

use super::super::tree::*;
use super::super::{parse, print};
use super::*;
use crate::rulebook::testing::{SKETCH, mutated_book};

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
    ]
    .prop_map(SmolStr::from)
}

fn word() -> impl Strategy<Value = SmolStr> {
    prop_oneof!["[b-z][a-z0-9]{2,6}q", "[上海江苏浙安徽]{1,4}", "[0-9]{1,4}"].prop_map(SmolStr::from)
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
    prop::sample::select(COMPARISONS.iter().map(|(c, _)| *c).collect::<Vec<_>>())
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
        prop::sample::select(vec!["source", "score", "waiting", "company", "nonsense"])
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
    let metric = prop::sample::select(METRICS.iter().map(|(m, _)| *m).collect::<Vec<_>>());
    let kind = prop::sample::select(WATCHES.iter().map(|(m, _)| *m).collect::<Vec<_>>());
    let loudness = prop::sample::select(LOUDNESSES.iter().map(|(m, _)| *m).collect::<Vec<_>>());
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
    (kind, prop::collection::vec(measure, 0..3), prop::option::of(ms()), loudness, prop::option::of(ms()))
        .prop_map(|(kind, when, for_ms, loudness, page_after_ms)| WatchNode {
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
        any::<u64>().prop_map(Item::Salt),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_tree_reads_back_as_itself(
        items in prop::collection::vec(noted(item()), 0..5),
        tail in prop::collection::vec("[a-z]{1,5}".prop_map(SmolStr::from), 0..2),
    ) {
        let tree = Tree { items, tail, ..Tree::default() };
        let text = print(&tree);
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.diagnostics, &vec![], "{}", text);
        prop_assert_eq!(parsed.tree, tree, "{}", text);
    }

    #[test]
    fn printing_is_stable_on_mutated_books(text in mutated_book()) {
        let once = parse(&text).tree;
        let printed = print(&once);
        let twice = parse(&printed).tree;
        prop_assert_eq!(&twice, &once, "{}\n----\n{}", text, printed);
    }

    #[test]
    fn printing_is_stable_on_any_text(text in "([a-z]{1,3}|[ \n#(),=\"“”：。.>-]|when|rule|give to|score|define|or|not|\\PC){0,60}") {
        let once = parse(&text).tree;
        let printed = print(&once);
        prop_assert_eq!(&parse(&printed).tree, &once, "{}\n----\n{}", text, printed);
    }
}
