//! Findings by table: a line, what is said of it, and what is proposed. The rest of the text is sound.

use crate::model::lang::Lang;
use crate::rulebook::testing::SKETCH;
use crate::rulebook::*;

/// Findings of a text as `line:column severity message [hint]`; the standing warnings about zone and catch-all left out.
pub(in crate::rulebook) fn told(text: &str, names: &Names) -> Vec<String> {
    check(&parse(text).tree, names)
        .diagnostics
        .iter()
        .filter(|d| {
            !matches!(d.code, DiagCode::NoTimezone | DiagCode::NoCatchAll | DiagCode::OnlyEscalates { .. })
        })
        .map(|d| {
            let hint = d.hint(Lang::En).map_or_else(String::new, |h| format!(" [{h}]"));
            format!("{}:{} {:?} {}{hint}", d.line, d.column, d.severity, d.message(Lang::En))
        })
        .collect()
}

fn one(text: &str) -> String {
    let names =
        Names { teams: [("T".into(), vec!["r".into()])].into(), reps: vec![rep("r")], ..Names::default() };
    told(text, &names).join(" / ")
}

fn rep(login: &str) -> RepName {
    RepName {
        login: login.into(),
        name: login.to_uppercase().into(),
        active: true,
        skills: vec!["english".into()],
    }
}

#[test]
fn conditions_are_typed() {
    for (when, said) in [
        (
            "source < 5",
            "3:13 Error source cannot be compared with < [texts know = != in, contains, starts with; numbers know < <= > >=]",
        ),
        ("source = 5", "3:15 Error source is compared with a text in quotes, not with 5 [write \"5\"]"),
        ("score >= high", "3:15 Error score is compared with a number, not with high"),
        ("score >= 1.2345", "3:15 Error 1.2345 has more than three decimals"),
        (
            "score contains 5",
            "3:12 Error score cannot be compared with contains [texts know = != in, contains, starts with; numbers know < <= > >=]",
        ),
        ("waiting > 5", "3:16 Error waiting is compared with a duration, not with 5 [write 5m]"),
        ("phone = 138", "3:12 Error of phone only \"is empty\" and \"is not empty\" can be asked"),
        ("hour >= 25", "3:14 Error 25 lies outside 0 .. 23"),
        ("weekday = Frii", "3:16 Error unknown weekday \"Frii\" [did you mean Fri?]"),
        ("state = waitng", "3:14 Error unknown state \"waitng\" [did you mean waiting?]"),
        ("regoin = 上海", "3:6 Error unknown field \"regoin\" [did you mean region?]"),
        ("region in 上海", "3:16 Error nothing is defined as \"上海\" [write (上海)]"),
        ("region in Eest", "3:16 Error nothing is defined as \"Eest\" [write East]"),
        (
            "region = East",
            "3:13 Warning this compares with the word \"East\" itself, not with the values it defines [write in East]",
        ),
        ("region = \"East\"", "1:8 Info \"East\" is never used"),
        (
            "region in (East, 5)",
            "3:23 Error region is compared with a text in quotes, not with 5 [write \"5\"]",
        ),
        ("x.code < abc and region in East", ""),
    ] {
        let text = format!("define East = (上海, 江苏)\nrule R\nwhen {when}\ngive to team T");
        let said_now = one(&text);
        let said_now = said_now.replace("1:8 Info \"East\" is never used / ", "");
        assert_eq!(said_now, said, "{when}");
    }
}

#[test]
fn rules_are_checked() {
    for (rule, said) in [
        ("when score > 1", "1:6 Error rule \"R\" gives to nobody [add a line such as: give to team Sales]"),
        ("give to team T\ngive to owner", "3:1 Error give is said twice; the second is ignored"),
        ("give to team T, team T", "2:1 Warning T is said twice; the second is ignored"),
        ("give to team T by weigthed", "2:19 Error unknown strategy \"weigthed\" [did you mean weighted?]"),
        (
            "give to T",
            "2:9 Error expected team, rep or owner, found T [write team, rep or owner before the name]",
        ),
        (
            "give to team T\ncap 0 open",
            "3:5 Error a cap of 0 lets nobody take a lead [leave the cap out for no limit]",
        ),
        ("give to team T\ncap 40", "3:7 Error open / per day is missing here"),
        ("give to team T\nduring \"Double 11\"", "3:8 Error unknown window \"Double 11\""),
        (
            "give to team T\nrespond within 10m, else recall, then escalate",
            "3:39 Warning the step before this one ends the matter",
        ),
        (
            "give to team T\nrespond within 10m, else recall to pool",
            "3:26 Error this book has no pool [add a pool section, or write recall alone]",
        ),
        ("give to team T\nrespond within 10m, else recall to T", "3:36 Error expected pool, found T"),
        ("give to team T\nrespond within 10m, else reassign 99 times", "3:26 Error 99 lies outside 1 .. 20"),
        (
            "give to team T\nwehn score > 1",
            "3:1 Error no statement starts with \"wehn\" [did you mean when?]",
        ),
        ("give to team T\nwhen (score > 1", "3:16 Error a closing bracket is missing here"),
        (
            "give to team T\nelse park nobody",
            "3:11 Error expected a text in quotes, found nobody [write the text in quotes]",
        ),
        ("give to team T\nwhen company = \"A", "3:16 Error the closing quote is missing [add \" at the end]"),
    ] {
        assert_eq!(one(&format!("rule R\n{rule}")), said, "{rule}");
    }
}

#[test]
fn blocks_are_checked() {
    for (text, said) in [
        (
            "calendar\n timezone Asia/Shanghia",
            "2:11 Error unknown timezone \"Asia/Shanghia\" [did you mean Asia/Shanghai?]",
        ),
        ("calendar\n holiday 2026-10-07..2026-10-01", "2:2 Error this ends before it starts"),
        ("calendar\n window W 2026-11-02 .. 2026-11-01", "2:2 Error this ends before it starts"),
        ("calendar\n workdays Mon 18:00..18:00", "2:2 Error this ends before it starts"),
        ("calendar\n holiday 2026-02-30", "2:10 Error expected a date such as 2026-10-01, found 2026-02-30"),
        (
            "duplicates\n company like 0.9 within 3d -> give to owner",
            "2:32 Error a similar company name may only park a lead, never give it [write park \"possible duplicate\"]",
        ),
        ("duplicates\n company like 1.9 within 3d -> park \"x\"", "2:15 Error 1.9 lies outside 0.001 .. 1"),
        (
            "duplicates\n same phoen within 3d -> park \"x\"",
            "2:7 Error unknown contact key \"phoen\" [did you mean phone?]",
        ),
        ("score\n 30 when phone is empty", "2:2 Error expected +30 / -30, found 30"),
        ("define A = (b)\ndefine A = (c)\nscore\n +1 when city in A", "2:8 Error \"A\" is defined twice"),
        ("rule A\ngive to owner\nrule A\ngive to owner", "3:6 Error two rules are called \"A\""),
        ("ramp 25% in week 2", "1:6 Error the weeks of a ramp begin with 1 and follow on each other"),
        (
            "ramp 25% in week 1, 50% in weeks 3..4",
            "1:21 Error the weeks of a ramp begin with 1 and follow on each other",
        ),
        ("ramp 125% in week 1", "1:6 Error 125% lies outside 0.1% .. 100%"),
        ("ramp 25% in weeks 1..90", "1:6 Error 90 lies outside 1 .. 52"),
        ("ramp 25% in week 1, at least 0 per day", "1:30 Error 0 lies outside 1 .."),
        ("ramp 25% in week 1\nramp 5% in week 1", "2:1 Error ramp is said twice; the second is ignored"),
        ("ramp for team Tee 25% in week 1", "1:15 Error unknown team \"Tee\""),
        ("ramp 25%", "1:9 Error in is missing here"),
        ("pool\n seen by team Tee", "2:15 Error unknown team \"Tee\""),
        ("pool\n seen by al", "2:10 Error expected everyone / team, found al"),
        ("pool\n claim 0 per day", "2:8 Error 0 lies outside 1 .."),
        ("pool\n cooldown 1d\n cooldown 2d", "3:2 Error cooldown is said twice; the second is ignored"),
        ("pool\npool", "2:1 Error pool is said twice; the second is ignored"),
        ("pool\n return after 90 working days without contact", "2:15 Error 90 lies outside 1 .. 60"),
        (
            "pool\n return after 5 working days without contact",
            "2:15 Info no lead will ever go back to the pool: no replies are declared as recorded \
             [add: replies from, with the sources that report replies]",
        ),
        ("claim 3 per day", "1:1 Error \"claim\" does not belong here [it is a line of the pool]"),
        ("otherwise wait\notherwise wait", "2:1 Error otherwise is said twice; the second is ignored"),
        (
            "when score > 1",
            "1:1 Error \"when\" does not belong here [it is a line of a rule or of the calendar]",
        ),
        ("wacht delayed warn", "1:1 Error no statement starts with \"wacht\" [did you mean watch?]"),
        ("watch delayd warn", "1:7 Error unknown watch \"delayd\" [did you mean delayed?]"),
        ("watch delayed when waiting > 5 warn", "1:20 Error waiting is not measured like this [5m]"),
        ("watch load-uneven when load > 190% warn", "1:24 Error 190% lies outside 0% .. 100%"),
        ("watch uneven when share > 0x fair warn", "1:19 Error 0x lies outside 0.001x .."),
        (
            "watch delayed when load > 50% warn",
            "1:20 Error load says nothing about delayed here [it is set by waiting, queue]",
        ),
        (
            "watch hoarded when waiting > 5m warn",
            "1:20 Error waiting says nothing about hoarded here [it has no figure to set]",
        ),
        (
            "watch stalled when untouched > 2h and waiting > 5m info\nreplies from 官网",
            "1:39 Error waiting says nothing about stalled here [give it a line of its own]",
        ),
        ("watch delayed when waiting < 5m warn", "1:20 Error waiting is watched for too much of it: > or >="),
        (
            "watch load-uneven when load >= 90% beside > 50% warn",
            "1:24 Error beside the load that is too high stands one that is low: < or <=",
        ),
        (
            "watch at-cap when load >= 90% beside < 50% warn",
            "1:19 Error load is not measured like this [90%]",
        ),
        ("watch uneven when spread > 30% over 22d warn", "1:19 Error 22d lies outside .. 21d"),
        ("watch surge when arrivals > 3x over 2d warn", "1:18 Error 2d lies outside .. 1d"),
        ("watch overdue when overdue > 5% warn", "1:20 Error overdue is not measured like this [20]"),
        (
            "watch unmatched warn",
            "1:1 Error unmatched has no limit of its own [say which, such as: unmatched > 5% / 3]",
        ),
        ("watch unmatched off", ""),
        (
            "watch stalled when untouched > 2h info",
            "1:1 Warning stalled sees nothing: no replies are declared as recorded \
             [add: replies from, with the sources that report replies]",
        ),
        (
            "watch delayed warn\nwatch delayed page",
            "2:1 Error watch delayed is said twice; the second is ignored",
        ),
        ("watch delayed when waiting > 5m warn\nwatch delayed when queue > 20 page", ""),
        (
            "watch delayed when waiting > 5m and waiting > 9m warn",
            "1:37 Error waiting is said twice; the second is ignored",
        ),
        ("rule\n give to team T\n else wait", "1:5 Error a name is missing here"),
        (
            "rule A\n give to owner\n else wait\nrule B\n give to owner",
            "4:6 Warning rule \"B\" can never match: rule \"A\" takes all of it [move it up, or give the rule above a condition]",
        ),
    ] {
        assert_eq!(one(text), said, "{text}");
    }
}

#[test]
fn promotions_are_checked() {
    let window = "calendar\nwindow W 2026-11-01 .. 2026-11-02\n";
    let mut wrong: Vec<String> = Vec::new();
    for (text, said) in [
        ("promotion P\nduring Z\ncap 5 open", "4:8 Error unknown window \"Z\""),
        (
            "promotion P\ncap 0 open",
            "4:5 Error a cap of 0 lets nobody take a lead [leave the cap out for no limit]",
        ),
        ("promotion P\nweight 0 for team T", "4:1 Error 0 lies outside 0.001 .. 100"),
        ("promotion P\nweight 2", "4:9 Error for is missing here"),
        ("promotion P\ncap 5 open for team U", "4:21 Error unknown team \"U\""),
        ("promotion P\nrep rr works Mon 9:00..10:00", "4:5 Error unknown rep \"rr\" [did you mean R?]"),
        ("promotion P\ncap 5 open\ncap 6 open", "5:1 Error cap is said twice; the second is ignored"),
        ("promotion P\ncap 5 open\ncap 6 per day", ""),
        (
            "promotion P\n watch missed page\n watch missed off",
            "5:2 Error watch missed is said twice; the second is ignored",
        ),
        ("promotion P\ncap 5 open\npromotion P\ncap 5 open", "5:11 Error two promotions are called \"P\""),
        ("promotion P\n", "3:11 Warning the promotion \"P\" changes nothing, and no rule holds during it"),
        ("rule R\nduring promotion P\ngive to team T\npromotion P", ""),
        (
            "promotion Anniversary\ncap 5 open\nrule R\nduring promotion Aniversary\ngive to team T",
            "6:18 Error unknown promotion \"Aniversary\" [did you mean Anniversary?]",
        ),
        (
            "promotion P\ngive to team T\ncap 5 open",
            "4:1 Error \"give\" does not belong here [it is a line of a rule or of the calendar]",
        ),
        (
            "promotion P\nworkdays Mon 9:00..10:00 except 8:00..11:00",
            "3:11 Error these hours leave no working time at all [look at what \"except\" takes away]",
        ),
        (
            "promotion P\nduring W\ncap 5 open\npromotion Q\nduring W\ncap 6 open, 7 per day\npromotion O\nduring W\n weight 2 for team T",
            "6:11 Warning \"P\" overlaps and says cap … open too; while both are on, \"P\" counts, as it stands higher than \"Q\"",
        ),
        ("weight 2", "3:1 Error \"weight\" does not belong here [it is a line of a rule or of the calendar]"),
    ] {
        let found = one(&format!("{window}{text}"));
        if found != said {
            wrong.push(format!("{text}\n  says {found}\n  not  {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_sketch_lowers_whole() {
    let book = compile(SKETCH);
    assert_eq!(book.zone, chrono_tz::Asia::Shanghai);
    assert_eq!((book.rules.len(), book.scores.len(), book.duplicates.len(), book.watch.len()), (2, 2, 2, 3));
    let hot = &book.rules[0];
    assert_eq!((hot.cap_open, hot.cap_day, &hot.strategy), (Some(40), Some(12), &Strategy::LeastLoaded));
    let respond = hot.respond_within.clone().unwrap();
    assert_eq!(
        (respond.within_ms, respond.steps),
        (600_000, vec![LateStep::Reassign(2), LateStep::Escalate])
    );
    assert_eq!(book.rules[1].during, Some(During::Window("Double 11".into())));
    assert_eq!(book.rules[1].otherwise, ElseDo::Wait);
    let delayed = book.watch_line(WatchKind::Delayed, Some(Metric::Waiting)).unwrap();
    assert_eq!(delayed.duration_ms(Metric::Waiting), Some(300_000));
    assert_eq!((delayed.loudness, delayed.page_after_ms), (Loudness::Warn, Some(900_000)));
    assert_eq!(book.otherwise, Fallback::Park("nobody matched".into()));
    let checked = check(&parse(SKETCH).tree, &Names::default());
    let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    assert!(
        errors.clone().count() == 2 && errors.into_iter().all(|d| matches!(d.code, DiagCode::Unknown { .. }))
    );
}

#[test]
fn half_a_rule_is_no_rule() {
    for broken in ["when regoin = a", "when (source = a", "cap 0 open", "nonsense", "during Nowhere"] {
        let book = compile(&format!("rule A\n{broken}\ngive to owner\nrule B\ngive to owner"));
        let names: Vec<&str> = book.rules.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names, ["B"], "{broken}");
    }
    assert_eq!(compile("").otherwise, Fallback::Park(NO_CATCH_ALL.into()));
}

#[test]
fn defines_nest_and_are_shared() {
    let book = compile(
        "define A = (a, b)\ndefine B = (A, c, \"A\")\nrule R\nwhen city in B or city in (B, d)\ngive to owner\n\
         rule S\nwhen city in B\ngive to owner",
    );
    assert_eq!(book.defines["B"], ["a", "b", "c", "A"]);
    let (cond, said) = parse_condition_in("city in B", None, &book);
    assert_eq!(said, vec![]);
    assert_eq!(cond, book.rules[1].when);
    assert_eq!(parse_condition("city in B", None).0, Cond::Any(Vec::new()));
}

#[test]
fn names_are_checked_against_the_desk() {
    let mut names = Names::default();
    names.teams.insert("East Senior".into(), vec!["lina".into()]);
    names.teams.insert("Empty".into(), vec![]);
    names.sources.insert("抖音".into());
    for (login, name, active) in
        [("lina", "李娜", true), ("zw1", "张伟", true), ("zw2", "张伟", true), ("old", "王强", false)]
    {
        names.reps.push(RepName {
            login: login.into(),
            name: name.into(),
            active,
            skills: vec!["大客户".into()],
        });
    }
    names.reps[1].skills = vec!["english".into()];
    for (rule, said) in [
        (
            "give to team \"East Senoir\"",
            "2:14 Error unknown team \"East Senoir\" [did you mean East Senior?]",
        ),
        ("give to team Empty", "2:14 Warning team \"Empty\" has no active rep"),
        ("give to rep 李娜", ""),
        ("give to rep lina", ""),
        ("give to rep 李哪", "2:13 Error unknown rep \"李哪\" [did you mean 李娜?]"),
        ("give to rep 张伟", "2:13 Error several reps are called \"张伟\" [use the login instead]"),
        ("give to rep 王强", "2:13 Warning rep \"王强\" is not active"),
        (
            "give to rep lina\nneeds skill englsh",
            "3:13 Error unknown skill \"englsh\" [did you mean english?]",
        ),
        (
            "give to rep lina\nneeds skill english",
            "1:6 Warning no active rep whom rule \"R\" reaches has the skills it needs",
        ),
        ("give to team \"East Senior\"\nneeds skill 大客户", ""),
        ("give to rep lina\nwhen source = 抖因", "3:15 Warning unknown source \"抖因\" [did you mean 抖音?]"),
    ] {
        assert_eq!(told(&format!("rule R\n{rule}"), &names).join(" / "), said, "{rule}");
    }
}
