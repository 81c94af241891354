//! The business "no": why an intent was not carried out. Nothing was appended. Each says what is so and what helps.

use smol_str::SmolStr;

use crate::model::actor::Role;
use crate::model::id::{BatchId, BookVersion, ComplaintId, DivertId, LeadId, Seq, SilenceId};
use crate::model::lang::Lang;
use crate::model::lead::LeadState;
use crate::model::time::Millis;
use crate::model::trial::TrialId;
use crate::model::why::LeftOut;
use crate::rulebook::Diagnostic;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotAllowed {
        needs: Role,
        has: Role,
    },
    NotYours {
        lead: LeadId,
    },
    NoSuchLead {
        lead: LeadId,
    },
    NoSuchRep {
        name: SmolStr,
    },
    NoSuchTeam {
        name: SmolStr,
    },
    NoSuchBatch {
        batch: BatchId,
    },
    Closed {
        lead: LeadId,
        state: LeadState,
    },
    /// Someone else holds it.
    Held {
        lead: LeadId,
        by: SmolStr,
        until: Millis,
    },
    /// It changed since the asker looked.
    Changed {
        lead: LeadId,
        by: SmolStr,
        at: Millis,
    },
    /// The wish makes no sense in this state.
    NotNow {
        lead: LeadId,
        state: LeadState,
    },
    AlreadySo {
        lead: LeadId,
    },
    MergedIntoItself {
        lead: LeadId,
    },
    /// It is part of another lead now.
    AlreadyMerged {
        lead: LeadId,
        into: LeadId,
    },
    DoNotContact {
        lead: LeadId,
    },
    Inactive {
        rep: SmolStr,
    },
    OffDuty {
        rep: SmolStr,
    },
    OnLeave {
        rep: SmolStr,
    },
    OpenCap {
        rep: SmolStr,
        load: u32,
        cap: u32,
    },
    DayCap {
        rep: SmolStr,
        today: u32,
        cap: u32,
    },
    NobodyFree {
        team: SmolStr,
    },
    NeedsReason,
    TooMany {
        max: usize,
    },
    TooLong {
        max: usize,
    },
    LoginTaken {
        login: SmolStr,
    },
    BadLogin {
        login: SmolStr,
    },
    BookHasErrors {
        first: SmolStr,
        line: u32,
        column: u32,
        count: usize,
    },
    BookMoved {
        base: BookVersion,
        now: BookVersion,
    },
    AlreadyUndone {
        batch: BatchId,
        by: SmolStr,
        at: Millis,
    },
    /// Only a supervisor may undo this one.
    NotYourBatch {
        batch: BatchId,
        by: SmolStr,
    },
    /// Every lead of the batch was touched since.
    NothingLeft {
        batch: BatchId,
        by: SmolStr,
        at: Millis,
    },
    BadEnd,
    NothingToDo,
    /// It is over, or another episode fires by now.
    NoSuchAlert {
        episode: Seq,
    },
    NoSuchComplaint {
        complaint: ComplaintId,
    },
    NoSuchSilence {
        silence: SilenceId,
    },
    TooManySilences {
        max: usize,
    },
    LastAdmin,
    /// The condition of a scope cannot be read.
    BadCondition(Box<Diagnostic>),
    /// Nobody active is among the people named.
    EmptyPool,
    /// One draft is tried at a time.
    TrialIsOn {
        trial: TrialId,
    },
    NoTrial,
    /// A share of no leads, or of all.
    BadShare,
    /// A part of a canary's condition that cannot be read.
    BadTerm {
        part: SmolStr,
    },
    NoSuchPromotion {
        name: SmolStr,
    },
    PromotionNotOn {
        name: SmolStr,
    },
    NoSuchDivert {
        divert: DivertId,
    },
    /// It is over already.
    DivertOver {
        divert: DivertId,
        until: Millis,
    },
    TooManyDiverts {
        max: usize,
    },
    /// The book has no `pool`.
    NoPool,
    NotInPool {
        lead: LeadId,
        state: LeadState,
    },
    /// The asker's login is no rep's.
    NotARep {
        actor: SmolStr,
    },
    /// The pool shows it to others.
    NotSeen {
        lead: LeadId,
    },
    TooNew {
        lead: LeadId,
        until: Millis,
    },
    /// The asker had it before.
    Cooldown {
        lead: LeadId,
        until: Millis,
    },
    ClaimedToday {
        today: u32,
        max: u32,
    },
    HandFull {
        load: u32,
        max: u32,
    },
    NotInTeam {
        rep: SmolStr,
        team: SmolStr,
    },
    TooManyTurns {
        max_milli: i64,
    },
    NoSuchRule {
        name: SmolStr,
    },
    /// The proposal accepted is not what the engine would do now.
    ProposalMoved {
        lead: LeadId,
        shown: SmolStr,
        /// Who it would go to now; `None` = nobody by itself.
        now: Option<SmolStr>,
        /// Why the one shown cannot take it any more.
        because: Option<LeftOut>,
    },
}

impl Refusal {
    /// Stable word for `--json` and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "not-allowed",
            Self::NotYours { .. } => "not-yours",
            Self::NoSuchLead { .. } => "no-such-lead",
            Self::NoSuchRep { .. } => "no-such-rep",
            Self::NoSuchTeam { .. } => "no-such-team",
            Self::NoSuchBatch { .. } => "no-such-batch",
            Self::Closed { .. } => "closed",
            Self::Held { .. } => "held",
            Self::Changed { .. } => "changed",
            Self::NotNow { .. } => "not-now",
            Self::AlreadySo { .. } => "already-so",
            Self::MergedIntoItself { .. } => "merged-into-itself",
            Self::AlreadyMerged { .. } => "already-merged",
            Self::DoNotContact { .. } => "do-not-contact",
            Self::Inactive { .. } => "inactive",
            Self::OffDuty { .. } => "off-duty",
            Self::OnLeave { .. } => "on-leave",
            Self::OpenCap { .. } => "open-cap",
            Self::DayCap { .. } => "day-cap",
            Self::NobodyFree { .. } => "nobody-free",
            Self::NeedsReason => "needs-reason",
            Self::TooMany { .. } => "too-many",
            Self::TooLong { .. } => "too-long",
            Self::LoginTaken { .. } => "login-taken",
            Self::BadLogin { .. } => "bad-login",
            Self::BookHasErrors { .. } => "book-has-errors",
            Self::BookMoved { .. } => "book-moved",
            Self::AlreadyUndone { .. } => "already-undone",
            Self::NotYourBatch { .. } => "not-your-batch",
            Self::NothingLeft { .. } => "nothing-left",
            Self::BadEnd => "bad-end",
            Self::NothingToDo => "nothing-to-do",
            Self::NoSuchAlert { .. } => "no-such-alert",
            Self::NoSuchSilence { .. } => "no-such-silence",
            Self::NoSuchComplaint { .. } => "no-such-complaint",
            Self::TooManySilences { .. } => "too-many-silences",
            Self::LastAdmin => "last-admin",
            Self::BadCondition(_) => "bad-condition",
            Self::EmptyPool => "empty-pool",
            Self::TrialIsOn { .. } => "trial-is-on",
            Self::NoTrial => "no-trial",
            Self::BadShare => "bad-share",
            Self::BadTerm { .. } => "bad-term",
            Self::NoSuchPromotion { .. } => "no-such-promotion",
            Self::PromotionNotOn { .. } => "promotion-not-on",
            Self::NoSuchDivert { .. } => "no-such-divert",
            Self::DivertOver { .. } => "divert-over",
            Self::TooManyDiverts { .. } => "too-many-diverts",
            Self::NoPool => "no-pool",
            Self::NotInPool { .. } => "not-in-pool",
            Self::NotARep { .. } => "not-a-rep",
            Self::NotSeen { .. } => "not-seen",
            Self::TooNew { .. } => "too-new",
            Self::Cooldown { .. } => "cooldown",
            Self::ClaimedToday { .. } => "claimed-today",
            Self::HandFull { .. } => "hand-full",
            Self::NotInTeam { .. } => "not-in-team",
            Self::TooManyTurns { .. } => "too-many-turns",
            Self::NoSuchRule { .. } => "no-such-rule",
            Self::ProposalMoved { .. } => "proposal-moved",
        }
    }

    /// A person may place anyway by giving a reason.
    #[must_use]
    pub fn can_be_forced(&self) -> bool {
        matches!(
            self,
            Self::OpenCap { .. } | Self::DayCap { .. } | Self::OffDuty { .. } | Self::OnLeave { .. }
        )
    }

    /// The sentence. `clock` words a moment in the reader's zone.
    #[must_use]
    pub fn message(&self, lang: Lang, clock: &dyn Fn(Millis) -> String) -> String {
        match lang {
            Lang::En => self.english(clock),
            Lang::Zh => self.chinese(clock),
        }
    }

    fn english(&self, clock: &dyn Fn(Millis) -> String) -> String {
        match self {
            Self::NotAllowed { needs, has } => {
                format!("this needs the role {}; you act as {}", needs.word(), has.word())
            }
            Self::NotYours { lead } => format!("{lead} is not yours; ask a coordinator"),
            Self::NoSuchLead { lead } => format!("there is no lead {lead}"),
            Self::NoSuchRep { name } => format!("there is no rep {name}"),
            Self::NoSuchTeam { name } => format!("there is no team {name}"),
            Self::NoSuchBatch { batch } => format!("there is no batch {batch}"),
            Self::Closed { lead, state } => format!("{lead} is closed ({})", state.word()),
            Self::Held { lead, by, until } => format!("{lead} is held by {by} until {}", clock(*until)),
            Self::Changed { lead, by, at } => {
                format!("{lead} was changed by {by} at {} after you looked; look again", clock(*at))
            }
            Self::NotNow { lead, state } => format!("{lead} is {}; this does not apply", state.word()),
            Self::AlreadySo { lead } => format!("{lead} is so already"),
            Self::MergedIntoItself { lead } => format!("{lead} cannot be merged into itself"),
            Self::AlreadyMerged { lead, into } => {
                format!("{lead} was merged into {into}; use that, or unmerge {lead} first")
            }
            Self::DoNotContact { lead } => {
                format!("{lead} asked not to be contacted; nobody may be given it")
            }
            Self::Inactive { rep } => format!("{rep} is deactivated"),
            Self::OffDuty { rep } => format!("{rep} is off duty; place with a reason to do it anyway"),
            Self::OnLeave { rep } => format!("{rep} is on leave; place with a reason to do it anyway"),
            Self::OpenCap { rep, load, cap } => {
                format!("{rep} is full {load}/{cap}; place with a reason to do it anyway")
            }
            Self::DayCap { rep, today, cap } => {
                format!("{rep} has had {today}/{cap} today; place with a reason to do it anyway")
            }
            Self::NobodyFree { team } => format!("nobody in {team} can take a lead now"),
            Self::NeedsReason => "a reason is needed".into(),
            Self::TooMany { max } => format!("at most {max} leads at once"),
            Self::TooLong { max } => format!("the text is longer than {max} bytes"),
            Self::LoginTaken { login } => format!("the login {login} is taken"),
            Self::BadLogin { login } => {
                format!("“{login}” cannot be a login: it must not be empty or hold spaces")
            }
            Self::BookHasErrors { first, line, column, count } => {
                format!(
                    "the book has {count} error(s) and was not published; line {line}, column {column}: {first}"
                )
            }
            Self::BookMoved { base, now } => {
                format!("the book moved from {base} to {now} while you edited; compare and publish again")
            }
            Self::AlreadyUndone { batch, by, at } => {
                format!("{batch} was undone by {by} at {} already", clock(*at))
            }
            Self::NotYourBatch { batch, by } => format!("{batch} is {by}'s; a supervisor can undo it"),
            Self::NothingLeft { batch, by, at } => {
                format!("nothing of {batch} can be undone any more: {by} touched it at {}", clock(*at))
            }
            Self::BadEnd => "the end must lie after now and within the limit".into(),
            Self::NothingToDo => "nothing to do".into(),
            Self::NoSuchAlert { episode } => format!("the alert {episode} is over; look again"),
            Self::NoSuchSilence { silence } => format!("there is no silence {silence}, or it is over"),
            Self::NoSuchComplaint { complaint } => {
                format!("there is no complaint {complaint}, or it was ruled on")
            }
            Self::TooManySilences { max } => format!("at most {max} silences at once; end one first"),
            Self::LastAdmin => "the last admin cannot give up the role".into(),
            Self::BadCondition(found) => {
                let (line, column) = (found.line, found.column);
                format!("the condition, line {line}, column {column}: {}", found.message(Lang::En))
            }
            Self::EmptyPool => "nobody active is among the people named".into(),
            Self::TrialIsOn { trial } => {
                format!("{trial} is on trial; stop it before another draft is tried")
            }
            Self::NoTrial => "no draft is on trial".into(),
            Self::BadShare => "a share is between 0.1% and 99.9%".into(),
            Self::BadTerm { part } => format!(
                "cannot read “{part}” of the condition; write for example placed >= 20 and overridden <= rest"
            ),
            Self::NoSuchPromotion { name } => format!("the rule book has no promotion “{name}”"),
            Self::PromotionNotOn { name } => format!("the promotion “{name}” is not on"),
            Self::NoSuchDivert { divert } => format!("there is no divert {divert}"),
            Self::DivertOver { divert, until } => format!("{divert} ended at {} already", clock(*until)),
            Self::TooManyDiverts { max } => format!("at most {max} diverts at once; end one first"),
            Self::NoPool => "the rule book has no pool; add a line: pool".into(),
            Self::NotInPool { lead, state } => {
                format!("{lead} is not in the pool; it is {}", state.word())
            }
            Self::NotARep { actor } => format!("{actor} is no rep's login; only reps claim"),
            Self::NotSeen { lead } => format!("the pool does not show {lead} to your team"),
            Self::TooNew { lead, until } => {
                format!("{lead} came into the pool just now; it can be claimed from {}", clock(*until))
            }
            Self::Cooldown { lead, until } => {
                format!("{lead} was yours before; you may claim it from {}", clock(*until))
            }
            Self::ClaimedToday { today, max } => format!("{today} of {max} leads claimed today"),
            Self::HandFull { load, max } => {
                format!("{load} leads in hand; with {max} nobody may claim another")
            }
            Self::NotInTeam { rep, team } => format!("{rep} is not in the team {team}"),
            Self::TooManyTurns { max_milli } => {
                format!("at most {} turns in one adjustment", super::words::milli(*max_milli))
            }
            Self::NoSuchRule { name } => format!("there is no rule {name}"),
            Self::ProposalMoved { lead, shown, now, because } => {
                let why = match because {
                    Some(why) => super::words::left_out(why, Lang::En),
                    None => "no longer first".into(),
                };
                let now = now.as_ref().map_or_else(|| "no proposal".to_owned(), |n| format!("→ {n}"));
                format!("{lead} is not proposed to {shown} any more ({why}); now: {now}")
            }
        }
    }

    fn chinese(&self, clock: &dyn Fn(Millis) -> String) -> String {
        match self {
            Self::NotAllowed { needs, has } => {
                format!("此操作需要「{}」角色，您当前是「{}」", needs.word_zh(), has.word_zh())
            }
            Self::NotYours { lead } => format!("{lead} 不在您名下，请联系销售协调"),
            Self::NoSuchLead { lead } => format!("没有线索 {lead}"),
            Self::NoSuchRep { name } => format!("没有销售 {name}"),
            Self::NoSuchTeam { name } => format!("没有团队 {name}"),
            Self::NoSuchBatch { batch } => format!("没有批次 {batch}"),
            Self::Closed { lead, state } => format!("{lead} 已关闭（{}）", state.word_zh()),
            Self::Held { lead, by, until } => format!("{lead} 正由 {by} 暂占至 {}", clock(*until)),
            Self::Changed { lead, by, at } => {
                format!("{lead} 已于 {} 被 {by} 改动，请重新查看", clock(*at))
            }
            Self::NotNow { lead, state } => format!("{lead} 当前为「{}」，不能这样操作", state.word_zh()),
            Self::AlreadySo { lead } => format!("{lead} 已经是这样"),
            Self::MergedIntoItself { lead } => format!("{lead} 不能合并到自身"),
            Self::AlreadyMerged { lead, into } => {
                format!("{lead} 已合并到 {into}；请改用 {into}，或先取消合并 {lead}")
            }
            Self::DoNotContact { lead } => format!("{lead} 要求勿联系，不能分配给任何人"),
            Self::Inactive { rep } => format!("{rep} 已停用"),
            Self::OffDuty { rep } => format!("{rep} 不在岗；如仍要分配请填写原因"),
            Self::OnLeave { rep } => format!("{rep} 请假中；如仍要分配请填写原因"),
            Self::OpenCap { rep, load, cap } => format!("{rep} 已满 {load}/{cap}；如仍要分配请填写原因"),
            Self::DayCap { rep, today, cap } => {
                format!("{rep} 今日已分 {today}/{cap}；如仍要分配请填写原因")
            }
            Self::NobodyFree { team } => format!("{team} 暂时无人可接"),
            Self::NeedsReason => "请填写原因".into(),
            Self::TooMany { max } => format!("一次最多 {max} 条线索"),
            Self::TooLong { max } => format!("文字超过 {max} 字节"),
            Self::LoginTaken { login } => format!("登录名 {login} 已被占用"),
            Self::BadLogin { login } => format!("「{login}」不能作登录名：不得为空或含空格"),
            Self::BookHasErrors { first, line, column, count } => {
                format!("分配规则有 {count} 处错误，未发布；第 {line} 行第 {column} 列：{first}")
            }
            Self::BookMoved { base, now } => format!("编辑期间规则已由 {base} 更新到 {now}，请比较后再发布"),
            Self::AlreadyUndone { batch, by, at } => format!("{batch} 已于 {} 由 {by} 撤销", clock(*at)),
            Self::NotYourBatch { batch, by } => format!("{batch} 是 {by} 的操作，需由主管撤销"),
            Self::NothingLeft { batch, by, at } => {
                format!("{batch} 已无可撤销的内容：{by} 于 {} 又有改动", clock(*at))
            }
            Self::BadEnd => "结束时间须晚于现在且不超过上限".into(),
            Self::NothingToDo => "没有需要做的事".into(),
            Self::NoSuchAlert { episode } => format!("提醒 {episode} 已结束，请重新查看"),
            Self::NoSuchSilence { silence } => format!("没有静音 {silence}，或已结束"),
            Self::NoSuchComplaint { complaint } => format!("没有申诉 {complaint}，或已裁定"),
            Self::TooManySilences { max } => format!("同时最多 {max} 个静音，请先结束一个"),
            Self::LastAdmin => "不能取消最后一位管理员".into(),
            Self::BadCondition(found) => {
                format!("条件第 {} 行第 {} 列：{}", found.line, found.column, found.message(Lang::Zh))
            }
            Self::EmptyPool => "所选对象中没有在职销售".into(),
            Self::TrialIsOn { trial } => format!("{trial} 正在试运行，请先停止再试另一份草稿"),
            Self::NoTrial => "没有草稿在试运行".into(),
            Self::BadShare => "比例须在 0.1% 到 99.9% 之间".into(),
            Self::BadTerm { part } => {
                format!("条件中的「{part}」无法识别；例如 placed >= 20 and overridden <= rest")
            }
            Self::NoSuchPromotion { name } => format!("分配规则中没有大促「{name}」"),
            Self::PromotionNotOn { name } => format!("大促「{name}」没有进行"),
            Self::NoSuchDivert { divert } => format!("没有临时改道 {divert}"),
            Self::DivertOver { divert, until } => format!("{divert} 已于 {} 结束", clock(*until)),
            Self::TooManyDiverts { max } => format!("同时最多 {max} 个临时改道，请先结束一个"),
            Self::NoPool => "分配规则中没有线索池，请加一行 pool".into(),
            Self::NotInPool { lead, state } => format!("{lead} 不在线索池中，当前为「{}」", state.word_zh()),
            Self::NotARep { actor } => format!("{actor} 不是销售的登录名，只有销售可以领取"),
            Self::NotSeen { lead } => format!("线索池不向您的团队开放 {lead}"),
            Self::TooNew { lead, until } => format!("{lead} 刚进入线索池，{} 起可领取", clock(*until)),
            Self::Cooldown { lead, until } => {
                format!("{lead} 此前由您负责，{} 起您才可领取", clock(*until))
            }
            Self::ClaimedToday { today, max } => format!("今日已领取 {today}/{max} 条"),
            Self::HandFull { load, max } => format!("在手 {load} 条，满 {max} 条不能再领取"),
            Self::NotInTeam { rep, team } => format!("{rep} 不在团队 {team} 中"),
            Self::TooManyTurns { max_milli } => {
                format!("一次最多调整 {} 轮", super::words::milli(*max_milli))
            }
            Self::NoSuchRule { name } => format!("没有规则「{name}」"),
            Self::ProposalMoved { lead, shown, now, because } => {
                let why = match because {
                    Some(why) => super::words::left_out(why, Lang::Zh),
                    None => "已不是首选".into(),
                };
                let now = now.as_ref().map_or_else(|| "暂无建议".to_owned(), |n| format!("→ {n}"));
                format!("{lead} 不再建议给 {shown}（{why}）；现在：{now}")
            }
        }
    }
}
