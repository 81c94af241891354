//! The fields of a lead that a column can fill, and how people name them, in files and in options.

use std::sync::LazyLock;

use smol_str::SmolStr;

use super::guess::Aliases;

/// What one column fills.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    ExternalId,
    Name,
    FirstName,
    LastName,
    Phone,
    Email,
    Wechat,
    Company,
    Source,
    Campaign,
    Region,
    City,
    Product,
    Industry,
    Language,
    Score,
    Value,
    ReceivedAt,
    Owner,
    State,
    /// A reason or a yes that may mean "never contact this person again"; also kept as a custom column.
    DoNotContact,
    Note,
    /// Kept as `x.name`.
    Custom(SmolStr),
    /// Not read.
    Ignore,
}

/// Every target with a name of its own, as options and tables write it.
pub const NAMED: &[(&str, Target)] = &[
    ("id", Target::ExternalId),
    ("name", Target::Name),
    ("first-name", Target::FirstName),
    ("last-name", Target::LastName),
    ("phone", Target::Phone),
    ("email", Target::Email),
    ("wechat", Target::Wechat),
    ("company", Target::Company),
    ("source", Target::Source),
    ("campaign", Target::Campaign),
    ("region", Target::Region),
    ("city", Target::City),
    ("product", Target::Product),
    ("industry", Target::Industry),
    ("language", Target::Language),
    ("score", Target::Score),
    ("value", Target::Value),
    ("received-at", Target::ReceivedAt),
    ("owner", Target::Owner),
    ("state", Target::State),
    ("do-not-contact", Target::DoNotContact),
    ("note", Target::Note),
    ("ignore", Target::Ignore),
];

impl Target {
    /// The name options and messages use.
    #[must_use]
    pub fn name(&self) -> SmolStr {
        if let Self::Custom(name) = self {
            return SmolStr::from(format!("x.{name}"));
        }
        NAMED
            .iter()
            .find(|(_, t)| t == self)
            .map_or_else(SmolStr::default, |(name, _)| SmolStr::new_static(name))
    }

    /// A target by the name a person gives; `external_id`, `received`, `dnc` and the like are understood too.
    #[must_use]
    pub fn by_name(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        if let Some(custom) = trimmed.strip_prefix("x.") {
            return (!custom.trim().is_empty()).then(|| Self::Custom(SmolStr::from(custom.trim())));
        }
        let plain = super::guess::plain(trimmed);
        let other = match plain.as_str() {
            "externalid" | "external" => "id",
            "received" | "receivedat" | "date" | "created" => "received-at",
            "donotcontact" | "dnc" => "do-not-contact",
            "firstname" => "first-name",
            "lastname" => "last-name",
            "mail" => "email",
            "skip" | "none" => "ignore",
            _ => "",
        };
        NAMED
            .iter()
            .find(|(name, _)| super::guess::plain(name) == plain || *name == other)
            .map(|(_, t)| t.clone())
    }
}

/// [`ALIASES`], ready to be asked.
pub static NAMES: LazyLock<Aliases<Target>> = LazyLock::new(|| Aliases::of(ALIASES));

/// Header names by target, best first: of two columns that fit, the one named earlier wins. Compared in plain form.
pub const ALIASES: &[(Target, &[&str])] = &[
    (
        Target::ExternalId,
        &[
            "external id",
            "lead id",
            "mql id",
            "线索编号",
            "线索id",
            "leads id",
            "clue id",
            "clueid",
            "客户编号",
            "record id",
            "case id",
            "opportunity id",
            "leadnumber",
            "编号",
            "id",
            "uuid",
            "序号id",
        ],
    ),
    (
        Target::Name,
        &[
            "full name",
            "name",
            "lead name",
            "contact name",
            "customer name",
            "client name",
            "姓名",
            "客户姓名",
            "客户名称",
            "联系人",
            "联系人姓名",
            "线索姓名",
            "学员姓名",
            "客户",
            "user name",
            "your name",
        ],
    ),
    (Target::FirstName, &["first name", "firstname", "given name", "名字", "名"]),
    (Target::LastName, &["last name", "lastname", "surname", "family name", "姓", "姓氏"]),
    (
        Target::Phone,
        &[
            "phone",
            "phone number",
            "mobile",
            "mobile phone",
            "mobile number",
            "cell",
            "cell phone",
            "cellphone",
            "tel",
            "telephone",
            "手机号",
            "手机",
            "手机号码",
            "电话",
            "联系电话",
            "电话号码",
            "联系方式",
            "手机/电话",
            "contact number",
            "leads tel",
            "clue phone number",
            "work phone",
            "business phone",
            "whatsapp",
            "whatsapp number",
        ],
    ),
    (
        Target::Email,
        &[
            "email",
            "e-mail",
            "mail",
            "email address",
            "work email",
            "business email",
            "邮箱",
            "电子邮箱",
            "邮件",
            "电子邮件",
            "邮箱地址",
            "your email",
        ],
    ),
    (Target::Wechat, &["wechat", "wechat id", "weixin", "微信", "微信号", "wx", "vx"]),
    (
        Target::Company,
        &[
            "company",
            "company name",
            "account name",
            "account",
            "organization",
            "organisation",
            "employer",
            "business name",
            "公司",
            "公司名称",
            "企业",
            "企业名称",
            "单位",
            "单位名称",
            "客户公司",
        ],
    ),
    (
        Target::Source,
        &[
            "lead source",
            "source",
            "origin",
            "渠道来源",
            "渠道",
            "来源",
            "线索来源",
            "来源渠道",
            "客户来源",
            "channel",
            "utm source",
            "platform",
            "leadsource",
            "traffic source",
            "获客渠道",
            "推广渠道",
        ],
    ),
    (
        Target::Campaign,
        &[
            "campaign name",
            "campaign",
            "活动名称",
            "活动",
            "推广计划",
            "计划名称",
            "utm campaign",
            "landing page id",
            "landing page",
            "campaign id",
            "活动编号",
            "广告计划",
        ],
    ),
    (
        Target::Region,
        &[
            "region",
            "province",
            "state/province",
            "省份",
            "省",
            "区域",
            "地区",
            "大区",
            "所在地区",
            "seller state",
            "territory",
            "country",
            "国家",
            "timezone",
            "time zone",
            "时区",
        ],
    ),
    (Target::City, &["city", "城市", "所在城市", "市", "seller city", "town"]),
    (
        Target::Product,
        &[
            "product",
            "product name",
            "product interest",
            "意向学科",
            "意向产品",
            "产品",
            "产品名称",
            "学科",
            "课程",
            "意向课程",
            "interest",
        ],
    ),
    (Target::Industry, &["industry", "行业", "所属行业", "business segment", "sector", "vertical"]),
    (Target::Language, &["language", "lang", "preferred language", "语言", "locale"]),
    (Target::Score, &["score", "lead score", "评分", "分数", "线索评分", "得分"]),
    (
        Target::Value,
        &[
            "value",
            "deal value",
            "close value",
            "amount",
            "expected value",
            "expected revenue",
            "金额",
            "预计金额",
            "商机金额",
            "amount req",
            "budget",
            "预算",
            "annual revenue",
        ],
    ),
    (
        Target::ReceivedAt,
        &[
            "received at",
            "received",
            "first contact date",
            "created time",
            "created date",
            "created at",
            "create time",
            "create date",
            "created",
            "createddate",
            "创建时间",
            "创建日期",
            "留资时间",
            "提交时间",
            "线索时间",
            "入库时间",
            "录入时间",
            "engage date",
            "submitted at",
            "submit time",
            "lead date",
            "reg date",
            "registration date",
            "timestamp",
            "date",
            "日期",
            "时间",
        ],
    ),
    (
        Target::Owner,
        &[
            "owner",
            "lead owner",
            "owner employee id",
            "owner name",
            "owner id",
            "assigned to",
            "assignee",
            "sales agent",
            "sales rep",
            "负责人",
            "归属人",
            "跟进人",
            "销售",
            "所属销售",
            "归属销售",
            "销售负责人",
            "当前负责人",
            "sdr id",
            "rep",
        ],
    ),
    (
        Target::State,
        &[
            "lead status",
            "stage",
            "lead stage",
            "deal stage",
            "status",
            "lead state",
            "状态",
            "线索状态",
            "跟进状态",
            "阶段",
            "线索阶段",
            "客户状态",
            "state",
        ],
    ),
    (
        Target::DoNotContact,
        &[
            "do not contact",
            "do not call",
            "dnc",
            "opt out",
            "opted out",
            "email opt out",
            "unsubscribed",
            "disqualified reason",
            "disqualification reason",
            "loss reason",
            "勿扰",
            "免打扰",
            "拒绝联系",
            "无效原因",
            "禁止联系",
        ],
    ),
    (
        Target::Note,
        &[
            "note",
            "notes",
            "remark",
            "remarks",
            "comment",
            "comments",
            "message",
            "备注",
            "留言",
            "说明",
            "description",
            "描述",
        ],
    ),
    // the columns a file of refused rows carries; each is ignored when it comes back repaired
    (Target::Ignore, &["reject line"]),
    (Target::Ignore, &["reject column"]),
    (Target::Ignore, &["reject reason"]),
];
