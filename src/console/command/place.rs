//! Scopes (who owns a command) and places (who has the keyboard). A place is a fixed stack of scopes, searched in order.

use crate::console::draft::sheet::RuleSheet;
use crate::console::handwork::sheet::Sheet;
use crate::console::text::T;
use crate::console::watching::Watching;

/// Who owns a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Queue,
    /// The selected lead, in the queue and in its own pane.
    Lead,
    Loads,
    Alerts,
    /// The offers of an empty desk.
    Welcome,
    /// Any list.
    List,
    /// The main screen, whatever pane.
    Main,
    Rules,
    /// Any screen without an overlay.
    Screen,
    /// Everywhere.
    Global,
    Filter,
    Picker,
    /// The picker of an assignment.
    Assign,
    Prompt,
    /// The menu of statuses.
    Status,
    /// What becomes of a leaver's leads.
    Handover,
    Why,
    Confirm,
    /// Overlays without a text field.
    Overlay,
    Diverts,
    Proposals,
    Twins,
    Batches,
    Outbox,
    Promotions,
    Trial,
    Form,
    /// To whom a leaver's leads go.
    HandTo,
    WhatIf,
    /// The form that builds a rule.
    Build,
    /// A rule of the draft, in the editor and in its outline.
    Rule,
    Offers,
    Find,
    Publish,
    Merge,
    Versions,
    LeftDraft,
    /// The alert that is chosen, in its pane and in what is looked at.
    Alert,
    AlertView,
    AlertList,
    Review,
    Complaints,
}

impl Scope {
    /// In the order help and docs list them.
    pub const ALL: [Scope; 42] = [
        Scope::Queue,
        Scope::Lead,
        Scope::Loads,
        Scope::Alerts,
        Scope::Alert,
        Scope::Welcome,
        Scope::List,
        Scope::Main,
        Scope::Rules,
        Scope::Screen,
        Scope::Global,
        Scope::Filter,
        Scope::Picker,
        Scope::Assign,
        Scope::Prompt,
        Scope::Status,
        Scope::Handover,
        Scope::Why,
        Scope::Confirm,
        Scope::Overlay,
        Scope::Diverts,
        Scope::Proposals,
        Scope::Twins,
        Scope::Batches,
        Scope::Outbox,
        Scope::Promotions,
        Scope::Trial,
        Scope::Form,
        Scope::HandTo,
        Scope::WhatIf,
        Scope::Build,
        Scope::Rule,
        Scope::Offers,
        Scope::Find,
        Scope::Publish,
        Scope::Merge,
        Scope::Versions,
        Scope::LeftDraft,
        Scope::AlertView,
        Scope::AlertList,
        Scope::Review,
        Scope::Complaints,
    ];
}

impl Scope {
    /// The heading of this scope in help and docs.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Self::Queue => T::ScopeQueue,
            Self::Lead => T::ScopeLead,
            Self::Loads => T::ScopeLoads,
            Self::Alerts => T::ScopeAlerts,
            Self::Welcome => T::ScopeWelcome,
            Self::List => T::ScopeList,
            Self::Main => T::ScopeMain,
            Self::Rules => T::ScopeRules,
            Self::Screen => T::ScopeScreen,
            Self::Global => T::ScopeGlobal,
            Self::Filter => T::ScopeFilter,
            Self::Picker => T::ScopePicker,
            Self::Assign => T::ScopeAssign,
            Self::Prompt => T::ScopePrompt,
            Self::Status => T::ScopeStatus,
            Self::Handover => T::ScopeHandover,
            Self::Why => T::ScopeWhy,
            Self::Confirm => T::ScopeConfirm,
            Self::Overlay => T::ScopeOverlay,
            Self::Diverts => T::DivertsTitle,
            Self::Proposals => T::ProposalsTitle,
            Self::Twins => T::TwinsTitle,
            Self::Batches => T::BatchesTitle,
            Self::Outbox => T::OutboxTitle,
            Self::Promotions => T::PromotionsTitle,
            Self::Trial => T::ScopeTrial,
            Self::Form => T::ScopeForm,
            Self::HandTo => T::ScopeHandTo,
            Self::WhatIf => T::ScopeWhatIf,
            Self::Build => T::ScopeBuild,
            Self::Rule => T::ScopeRule,
            Self::Offers => T::ScopeOffers,
            Self::Find => T::ScopeFind,
            Self::Publish => T::ScopePublish,
            Self::Merge => T::ScopeMerge,
            Self::Versions => T::ScopeVersions,
            Self::LeftDraft => T::ScopeLeft,
            Self::Alert => T::ScopeAlert,
            Self::AlertView => T::ScopeAlertView,
            Self::AlertList => T::ScopeAlertList,
            Self::Review => T::ScopeReview,
            Self::Complaints => T::ComplaintsTitle,
        }
    }
}

/// Who has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Queue,
    Lead,
    Loads,
    Alerts,
    Welcome,
    Rules,
    Filter,
    Picker,
    Assign,
    Prompt,
    Status,
    Handover,
    Why,
    Card,
    Roster,
    Confirm,
    Diverts,
    Proposals,
    Twins,
    Batches,
    Outbox,
    /// A sheet that is only read.
    Since,
    Promotions,
    Trial,
    Form,
    HandTo,
    WhatIf,
    Build,
    /// The editor while a completion is chosen.
    Offers,
    Outline,
    Find,
    Publish,
    Merge,
    Versions,
    /// Lines to read.
    Compare,
    LeftDraft,
    /// An alert in full.
    Alert,
    AlertList,
    Review,
    Complaints,
}

impl Place {
    /// Every place there is.
    pub const ALL: [Place; 40] = [
        Place::Queue,
        Place::Lead,
        Place::Loads,
        Place::Alerts,
        Place::Welcome,
        Place::Rules,
        Place::Filter,
        Place::Picker,
        Place::Assign,
        Place::Prompt,
        Place::Status,
        Place::Handover,
        Place::Card,
        Place::Roster,
        Place::Why,
        Place::Confirm,
        Place::Diverts,
        Place::Proposals,
        Place::Twins,
        Place::Batches,
        Place::Outbox,
        Place::Since,
        Place::Promotions,
        Place::Trial,
        Place::Form,
        Place::HandTo,
        Place::WhatIf,
        Place::Build,
        Place::Offers,
        Place::Outline,
        Place::Find,
        Place::Publish,
        Place::Merge,
        Place::Versions,
        Place::Compare,
        Place::LeftDraft,
        Place::Alert,
        Place::AlertList,
        Place::Review,
        Place::Complaints,
    ];

    /// The place of a sheet.
    #[must_use]
    pub const fn of_sheet(sheet: &Sheet) -> Self {
        match sheet {
            Sheet::Diverts(_) => Self::Diverts,
            Sheet::Proposals(_) => Self::Proposals,
            Sheet::Twins(_) => Self::Twins,
            Sheet::Batches(_) => Self::Batches,
            Sheet::Outbox(_) => Self::Outbox,
            Sheet::Promotions(_) => Self::Promotions,
            Sheet::Trial(_) => Self::Trial,
            Sheet::Since(_) | Sheet::Report(_) => Self::Since,
            Sheet::Form(_) => Self::Form,
            Sheet::WhatIf(_) => Self::WhatIf,
        }
    }

    /// The place of what is looked at of alerts.
    #[must_use]
    pub const fn of_watching(watching: &Watching) -> Self {
        match watching {
            Watching::One(_) => Self::Alert,
            Watching::All(_) => Self::AlertList,
            Watching::Review(_) => Self::Review,
            Watching::Complaints(_) => Self::Complaints,
        }
    }

    /// The place of a sheet of the rule editor.
    #[must_use]
    pub const fn of_rules(sheet: &RuleSheet) -> Self {
        match sheet {
            RuleSheet::Outline(_) => Self::Outline,
            RuleSheet::Find(_) => Self::Find,
            RuleSheet::Publish(_) => Self::Publish,
            RuleSheet::Merge(_) => Self::Merge,
            RuleSheet::Versions(_) => Self::Versions,
            RuleSheet::Compare(_) | RuleSheet::Sentences(_) => Self::Compare,
            RuleSheet::Left(_) => Self::LeftDraft,
        }
    }

    /// The scopes a key is looked up in, first to last.
    #[must_use]
    pub const fn stack(self) -> &'static [Scope] {
        use Scope as S;
        match self {
            Self::Queue => &[S::Queue, S::Lead, S::List, S::Main, S::Screen, S::Global],
            Self::Lead => &[S::Lead, S::List, S::Main, S::Screen, S::Global],
            Self::Loads => &[S::Loads, S::List, S::Main, S::Screen, S::Global],
            Self::Alerts => &[S::Alerts, S::Alert, S::List, S::Main, S::Screen, S::Global],
            Self::Welcome => &[S::Welcome, S::Main, S::Screen, S::Global],
            Self::Rules => &[S::Rules, S::Rule, S::Screen, S::Global],
            Self::Filter => &[S::Filter, S::Global],
            Self::Picker => &[S::Picker, S::Global],
            Self::Assign => &[S::Picker, S::Assign, S::Global],
            Self::Prompt => &[S::Prompt, S::Global],
            Self::Status => &[S::Status, S::Overlay, S::Global],
            Self::Handover => &[S::Handover, S::Overlay, S::Global],
            Self::Card => &[S::List, S::Overlay, S::Global],
            Self::Roster => &[S::Loads, S::List, S::Main, S::Screen, S::Global],
            Self::Why => &[S::Why, S::List, S::Overlay, S::Global],
            Self::Confirm => &[S::Confirm, S::Overlay, S::Global],
            Self::Diverts => &[S::Diverts, S::List, S::Overlay, S::Global],
            Self::Proposals => &[S::Proposals, S::List, S::Overlay, S::Global],
            Self::Twins => &[S::Twins, S::List, S::Overlay, S::Global],
            Self::Batches => &[S::Batches, S::List, S::Overlay, S::Global],
            Self::Outbox => &[S::Outbox, S::List, S::Overlay, S::Global],
            Self::Since => &[S::List, S::Overlay, S::Global],
            Self::Promotions => &[S::Promotions, S::List, S::Overlay, S::Global],
            Self::Trial => &[S::Trial, S::List, S::Overlay, S::Global],
            Self::Form => &[S::Form, S::Global],
            Self::HandTo => &[S::Picker, S::HandTo, S::Global],
            Self::WhatIf => &[S::WhatIf, S::List, S::Overlay, S::Global],
            Self::Build => &[S::Build, S::Global],
            Self::Offers => &[S::Offers, S::Global],
            Self::Outline => &[S::Picker, S::Rule, S::Global],
            Self::Find => &[S::Find, S::Global],
            Self::Publish => &[S::Publish, S::Global],
            Self::Merge => &[S::Merge, S::List, S::Overlay, S::Global],
            Self::Versions => &[S::Versions, S::List, S::Overlay, S::Global],
            Self::Compare => &[S::List, S::Overlay, S::Global],
            Self::LeftDraft => &[S::LeftDraft, S::Global],
            Self::Alert => &[S::AlertView, S::Alert, S::List, S::Overlay, S::Global],
            Self::AlertList => &[S::AlertList, S::Alert, S::List, S::Overlay, S::Global],
            Self::Review => &[S::Review, S::List, S::Overlay, S::Global],
            Self::Complaints => &[S::Complaints, S::List, S::Overlay, S::Global],
        }
    }

    /// Whether characters are typed into a field here instead of being looked up.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Rules
                | Self::Offers
                | Self::Outline
                | Self::Find
                | Self::Publish
                | Self::Filter
                | Self::Picker
                | Self::Assign
                | Self::Prompt
                | Self::Form
                | Self::HandTo
                | Self::Build
        )
    }

    /// Whether the palette offers commands of `scope` from here, even where no key reaches them.
    #[must_use]
    pub const fn offers(self, scope: Scope) -> bool {
        let is_rules = matches!(self, Self::Rules);
        match scope {
            Scope::Screen | Scope::Global => true,
            Scope::Rules | Scope::Rule => is_rules,
            Scope::Queue
            | Scope::Lead
            | Scope::Loads
            | Scope::Alerts
            | Scope::Alert
            | Scope::Welcome
            | Scope::Main
            | Scope::Status => !is_rules,
            Scope::List
            | Scope::Filter
            | Scope::Picker
            | Scope::Assign
            | Scope::Prompt
            | Scope::Why
            | Scope::Handover
            | Scope::Confirm
            | Scope::Overlay
            | Scope::Diverts
            | Scope::Proposals
            | Scope::Twins
            | Scope::Batches
            | Scope::Outbox
            | Scope::Promotions
            | Scope::Trial
            | Scope::Form
            | Scope::HandTo
            | Scope::WhatIf
            | Scope::Build
            | Scope::Offers
            | Scope::Find
            | Scope::Publish
            | Scope::Merge
            | Scope::Versions
            | Scope::AlertView
            | Scope::AlertList
            | Scope::Review
            | Scope::Complaints
            | Scope::LeftDraft => false,
        }
    }
}
