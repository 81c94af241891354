//! State words of other systems → ours, and which reasons mean that a person must not be contacted again.
//! An unknown word is not an error: the row keeps it as a custom column and says so.

use super::error::IntakeError;
use super::guess::{did_you_mean, plain};
use crate::model::contact::fold;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a file says about where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateWord {
    Waiting,
    Assigned,
    Contacted,
    Qualified,
    Won,
    Lost,
    Invalid,
}

impl StateWord {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Assigned,
        Self::Contacted,
        Self::Qualified,
        Self::Won,
        Self::Lost,
        Self::Invalid,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Assigned => "assigned",
            Self::Contacted => "contacted",
            Self::Qualified => "qualified",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Invalid => "invalid",
        }
    }
}

const WORDS: &[(StateWord, &[&str])] = &[
    (
        StateWord::Waiting,
        &[
            "waiting",
            "new",
            "open",
            "not contacted",
            "unassigned",
            "untouched",
            "created",
            "complete",
            "intake",
            "raw",
            "待分配",
            "未分配",
            "新线索",
            "新建",
            "待跟进",
            "未跟进",
            "未处理",
            "未联系",
            "公海",
            "回收",
            "已回收",
            "待处理",
        ],
    ),
    (
        StateWord::Assigned,
        &[
            "assigned",
            "prospecting",
            "attempted to contact",
            "attempted",
            "accepted",
            "claimed",
            "已分配",
            "已领取",
            "已分派",
            "待联系",
            "联系中",
            "未接通",
        ],
    ),
    (
        StateWord::Contacted,
        &[
            "contacted",
            "working",
            "engaging",
            "engaged",
            "contact in future",
            "connected",
            "in progress",
            "nurturing",
            "scheduled",
            "gatekeeper",
            "decision maker",
            "follow up",
            "following up",
            "已联系",
            "跟进中",
            "进行中",
            "已跟进",
            "待回访",
            "沟通中",
            "已接通",
        ],
    ),
    (
        StateWord::Qualified,
        &[
            "qualified",
            "pre qualified",
            "sql",
            "mql",
            "converted",
            "opportunity",
            "proposal",
            "negotiation",
            "有效",
            "有效线索",
            "转商机",
            "已转化",
            "已转商机",
            "商机",
            "意向客户",
        ],
    ),
    (
        StateWord::Won,
        &[
            "won",
            "closed won",
            "deal won",
            "customer",
            "sold",
            "成交",
            "已成交",
            "赢单",
            "已签约",
            "签约",
            "已报名",
        ],
    ),
    (
        StateWord::Lost,
        &[
            "lost",
            "lost lead",
            "closed lost",
            "closed",
            "not interested",
            "输单",
            "战败",
            "流失",
            "已流失",
            "丢单",
            "放弃",
        ],
    ),
    (
        StateWord::Invalid,
        &[
            "invalid",
            "disqualified",
            "unqualified",
            "not qualified",
            "junk",
            "junk lead",
            "spam",
            "test",
            "fake",
            "bad data",
            "duplicate",
            "无效",
            "伪线索",
            "无效线索",
            "空号",
            "重复",
            "垃圾线索",
            "黑名单",
        ],
    ),
];

/// Parts of a reason that forbid contact, in plain form.
const FORBIDS: &[&str] = &[
    "donotcall",
    "donotcontact",
    "donotemail",
    "donottext",
    "dontcall",
    "dontcontact",
    "unsubscribe",
    "optedout",
    "optout",
    "dnc",
    "gdprerasure",
    "removeme",
    "blacklist",
    "勿扰",
    "免打扰",
    "拒绝联系",
    "拒绝来电",
    "拒绝营销",
    "禁止联系",
    "不要联系",
    "勿打",
    "退订",
    "黑名单",
    "投诉",
];

/// Our words by their plain form; made once, as every lead that is posted asks for them.
static OURS: LazyLock<FxHashMap<String, StateWord>> = LazyLock::new(|| {
    let all = WORDS.iter().flat_map(|(state, words)| words.iter().map(|w| (plain(w), *state)));
    all.collect()
});

/// The words one import knows: ours plus what the person added with `--state`, by plain form.
#[derive(Debug, Clone, Default)]
pub struct StateTable {
    added: FxHashMap<String, StateWord>,
}

impl StateTable {
    /// Adds `Word=state`.
    ///
    /// # Errors
    /// When there is no `=` or the state is not one of ours.
    pub fn apply_override(&mut self, text: &str) -> Result<(), IntakeError> {
        let known = || StateWord::ALL.map(StateWord::name).join(", ");
        let bad = |why: &str, suggestion: Option<&str>| IntakeError::BadOption {
            option: "--state",
            given: text.to_string(),
            why: why.to_string(),
            suggestion: suggestion.map(str::to_string),
            known: known(),
        };
        let (word, state) = text.rsplit_once('=').ok_or_else(|| bad("write it as Word=state", None))?;
        let state = plain(state);
        let Some(found) = StateWord::ALL.into_iter().find(|s| s.name() == state) else {
            return Err(bad(
                "there is no such state",
                did_you_mean(&state, StateWord::ALL.map(StateWord::name)),
            ));
        };
        self.added.insert(plain(word), found);
        Ok(())
    }

    /// The state a word stands for; the newest `--state` wins over ours.
    #[must_use]
    pub fn lookup(&self, word: &str) -> Option<StateWord> {
        let word = plain(word);
        self.added.get(&word).or_else(|| OURS.get(&word)).copied()
    }
}

/// Whether a reason or state forbids contacting this person.
#[must_use]
pub fn forbids_contact(reason: &str) -> bool {
    let wanted = plain(reason);
    !wanted.is_empty() && FORBIDS.iter().any(|f| wanted.contains(f))
}

/// Whether a cell of a yes/no column says yes.
#[must_use]
pub fn is_yes(cell: &str) -> bool {
    matches!(fold(cell).as_str(), "yes" | "y" | "true" | "t" | "1" | "是" | "对" | "x" | "✓" | "√" | "on")
}
