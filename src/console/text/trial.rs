//! Words of a draft on trial.

super::messages! {
    TrialTitle: en "Trial of a draft", zh "草稿试运行";
    CmdTrial: en "try the draft", zh "试运行";
    CmdTrialHelp: en "Let the draft decide along, or for a share of the leads.", zh "让草稿一同决定但不生效，或只管一部分线索。";
    CmdTrialShow: en "trial of a draft", zh "草稿试运行";
    CmdTrialShowHelp: en "How the draft on trial stands beside the rest.", zh "查看试运行的草稿与其余的对比。";
    CmdTrialStart: en "try the draft…", zh "开始试运行…";
    CmdTrialStartHelp: en "Try the draft in the editor: for whom, and until when.", zh "试运行编辑器中的草稿：管哪些线索、到何时。";
    CmdTrialStop: en "stop", zh "停止";
    CmdTrialStopHelp: en "End the trial now; leads it gave stay where they are.", zh "立即停止试运行，已分配的线索不变。";
    ScopeTrial: en "Trial", zh "试运行";
    TrialNone: en "no draft is on trial", zh "没有草稿在试运行";
    TrialWhat: en "A shadow decides along without effect; a canary has a share of the leads, or a team, until a time.", zh "影子：一同决定但不生效；灰度：在限定时间内只管一部分线索或一个团队。";
    TrialIsOn: en "a trial is on already", zh "已有试运行";
    TrialNoDraft: en "the draft is what is in force; change something first", zh "草稿与现行规则相同，请先修改";
    TrialErrors: en "the draft has errors", zh "草稿有错误";
    TrialUntried(parts: &str): en "not tried, though the draft says otherwise: {parts}", zh "草稿中以下部分不同，但不参与试运行：{parts}";
    TrialDiffered(decided: u64, other: u64): en "{decided} decided, {other} otherwise by the draft", zh "已决定 {decided} 条，其中草稿结果不同 {other} 条";
    TrialDraft: en "draft", zh "草稿";
    TrialRest: en "rest", zh "其余";
    TrialForm: en "Try the draft", zh "试运行草稿";
    SlotWhom: en "for whom", zh "范围";
    SlotTerms: en "publish when", zh "发布条件";
    TrialWhomHint: en "nobody: it decides along as a shadow · 10% · a team", zh "留空为影子试运行 · 10% · 团队名";
    TrialTermsHint: en "at the end it is withdrawn · response <= 5m and overridden <= 3%", zh "留空到期撤回 · response <= 5m and overridden <= 3%";
    TrialBadShare: en "a share is written 10% or 2.5%", zh "比例写作 10% 或 2.5%";
    TrialNoTeam(name: &str): en "\"{name}\" is no team; a share is written 10%", zh "没有团队「{name}」；比例写作 10%";
    DidStartTrial: en "the draft is on trial", zh "草稿试运行已开始";
    DidStopTrial: en "the trial is over", zh "试运行已停止";
}
