//! What the settings file is told: a comment for each setting, a sentence for each fault.

super::messages! {
    ConfLanguage: en "auto (from the locale), en, zh", zh "界面语言：auto（按系统）、en、zh";
    ConfView: en "what the queue shows first: todo, waiting, parked, assigned, all", zh "队列默认视图：todo（待分配与待人工）、waiting、parked、assigned、all";
    ConfMouse: en "true: click, wheel and drag; false leaves the mouse to the terminal", zh "true 启用鼠标点击、滚轮与拖动；false 把鼠标留给终端";
    ConfBell: en "ring the terminal's bell when an alert begins to fire", zh "异常提醒触发时是否响铃";
    ConfNotify: en "show it as a notification, by the terminal: off, osc9, osc777, osc99", zh "异常提醒触发时由终端弹出通知：off、osc9、osc777、osc99";
    ConfGlyphs: en "auto, unicode, ascii", zh "图形符号：auto、unicode、ascii";
    ConfColour: en "auto, never, 16, 256, truecolor", zh "颜色：auto、never（无）、16、256、truecolor";
    ConfGround: en "the terminal's ground: auto, dark, light", zh "终端底色：auto、dark（深色）、light（浅色）";
    ConfOwn: en "own colours: #rrggbb, 0 to 255, or a name such as bright-blue", zh "自定义颜色：#rrggbb、0 到 255，或 bright-blue 等名称";
    ConfKeys: en "keys by command id; [] takes them away, a commented line shows the default", zh "按命令 id 设置按键；[] 表示取消，注释行为默认值";

    ConfSyntax(what: &str): en "this is no TOML: {what}", zh "不是有效的 TOML：{what}";
    ConfUnknown(word: &str): en "there is no setting {word}", zh "没有名为 {word} 的设置";
    ConfWants(what: &str): en "wanted here: {what}", zh "此处应为：{what}";
    ConfNotOneOf(word: &str, known: &str): en "{word} is none of {known}", zh "{word} 不在可选值之中：{known}";
    ConfNotColour(word: &str): en "{word} is no colour: #rrggbb, 0 to 255 or a name", zh "{word} 不是颜色：应为 #rrggbb、0 到 255 或名称";
    ConfNoCommand(word: &str): en "there is no command {word}", zh "没有名为 {word} 的命令";
    ConfNoKey(word: &str): en "no key is called {word}", zh "没有名为 {word} 的按键";
    ConfKeyTwice(keys: &str, command: &str, other: &str):
        en "{keys} cannot be both {command} and {other}: give the other one another key too", zh "{keys} 不能既是 {command} 又是 {other}：请同时为后者另设按键";
    ConfKeyHides(keys: &str, command: &str, other: &str):
        en "{keys} for {command} stands in the way of {other}: one begins the other", zh "{command} 的 {keys} 与 {other} 冲突：一个是另一个的开头";
    ConfKeyTyped(keys: &str, command: &str): en "{keys} for {command} would be typed into the text there", zh "{command} 的 {keys} 在那里会被当作文字输入";
    ConfNoWayOut(command: &str): en "{command} needs a key: there is no other way out", zh "{command} 必须有按键，否则无法退出";
    ConfDidYouMean(word: &str): en "did you mean {word}?", zh "是否想写 {word}？";
}
