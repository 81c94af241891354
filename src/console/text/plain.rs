//! Words of the plain listings, where no column and no shape can say it.

super::messages! {
    PlainQueue(waiting: usize, parked: usize, held: usize, open: usize):
        en "{waiting} waiting, {parked} parked, {held} held, {open} open.", zh "待分配 {waiting} 条，待人工 {parked} 条，暂占 {held} 条，未结 {open} 条。";
    PlainNothing: en "Nothing waits.", zh "没有待处理的线索。";
    PlainMore(count: usize): en "{count} more; raise --limit.", zh "还有 {count} 条未列出，可加大 --limit。";
    PlainOverdue(span: &str): en "overdue by {span}", zh "已超时 {span}";
    PlainDueIn(span: &str): en "due in {span}", zh "剩余 {span}";
    PlainProposed(rep: &str): en "the engine proposes {rep}", zh "引擎建议 {rep}";
    PlainOf(figure: u32, cap: u32): en "{figure} of {cap}", zh "{figure}/{cap}";
    PlainFullIn(minutes: u32): en "full in about {minutes} minutes", zh "约 {minutes} 分钟后满";
    PlainSince(span: &str): en "for {span}", zh "已持续 {span}";
    PlainHelps: en "what helps:", zh "可处理：";
}
