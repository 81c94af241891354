//! What each command is called (a hint slot: ≤ 16 cells) and what it does (one line of help).

super::messages! {
    CmdUp: en "up", zh "上移";
    CmdUpHelp: en "Move the selection up.", zh "选中上一行。";
}
