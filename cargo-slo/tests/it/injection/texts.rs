//! Texts that are meant to become something else, and what people see of them.

/// As many as there are rounds for all services together.
pub(super) const COUNT: usize = 64;

/// Everything that ends, opens, turns, hides or starts something in one of the outputs.
const HOSTILE: [&str; 56] = [
    "<script>alert(1)</script>",
    "\"><svg onload=alert(1)>'--></style></title></textarea>]]>",
    "&lt;b&gt; &#60; &amp;amp; &copy &notanentity;",
    "<!-- comment --> <!doctype x> <![CDATA[y]]> <?php z ?>",
    "x\" onmouseover=\"alert(1)\" y='",
    "| a | b |\n| --- | --- |\n| c | d |",
    "`code` ``two`` *em* **strong** ~~struck~~ _u_ __v__",
    "$x$ $$y$$ \\(z\\) \\[w\\]",
    "[link](javascript:alert(1)) ![i](https://evil.example/i.png)",
    "<https://evil.example> [ref]: https://evil.example",
    "text\n\n# heading\n\n- list\n> quote\n\n---\n\n```\nfence\n```",
    "see https://evil.example/a, http://evil.example and www.evil.example now",
    "write to a@evil.example or mailto:b@evil.example or xmpp:c@evil.example",
    "@team @all @org/team #123 GH-1 org/repo#2",
    "WWW.evil.example/x Http://evil.example ftp://evil.example",
    "[ ] task [x] done [^1] note [!NOTE]",
    "turned \u{202e}gpj.exe\u{202c} \u{2066}isolated\u{2069}",
    "marks \u{200e}a\u{200f}b\u{61c}c",
    "nothing\u{200b}between\u{2060}these\u{feff}words\u{ad}here",
    "tags \u{e0041}\u{e0042}\u{e007f}\u{e0001} end",
    "joined ad\u{200d}min and ad\u{200c}min",
    "filled \u{3164}\u{115f}\u{ffa0} letters",
    "a\u{fdd0}b\u{fffe}c\u{ffff}d\u{10ffff}e",
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} bell",
    "\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "c1 \u{9b}31m \u{9d}0;t\u{9c} \u{85} \u{80}",
    "nul \0 del \u{7f} vt \u{b} ff \u{c} bs \u{8}\u{8}",
    "over\rwritten\r\nline\nbreak\ttab",
    "sep\u{2028}line\u{2029}paragraph",
    "x\n::error file=a,line=1::forged\n::set-output name=a::b",
    "  ::add-mask::e",
    "a ##[set-output name=x;]y ##[error]z ##vso[task.setvariable variable=p]q",
    "%0A::warning::forged %25 %0D",
    "key: value # comment",
    "- item\n- other: [1, 2]\n...\n---\nnext: doc",
    "&anchor *alias !tag %YAML 1.2 @at ? key",
    "yes no null ~ 1e3 0x1f 12:30:45 2026-01-01",
    "\"double\" 'single' \\ back \\n \\u0041 \\x41",
    "ends with backslash \\",
    "{{ $labels.x }} {{ .Value }} {{ range query \"up\" }}x{{ end }}",
    "{{{ triple }}} {{`raw`}} end {",
    "${var.x} %{if true}y%{endif} $${z} %%{w}",
    "$job [[job]] ${job:raw} $__interval",
    "{a=\"b\"} or up{c=~\".*\"}[5m] by (x)",
    "a\"} or vector(1) or x{b=\"",
    "regex .* (a|b)+ [c-d]{2,3}^$ \\d",
    "', '); DROP TABLE slo; --",
    "=cmd|' /C calc'!A0 +1 -1 @SUM(1)",
    "[traffic]\ncheckout = \"1/day\"\n\"\"\" '''",
    "../../etc/passwd C:\\windows ~/x file:///y",
    "日本語の「名前」<b>と</b>、改行\nも",
    "葛\u{e0100}城 می\u{200c}خواهم 👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
    "عربي then latin 123 עברית",
    "Z\u{351}\u{36b}\u{343}a\u{30a}l\u{315}g\u{321}o combining",
    "a very long word without any space xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "[a\\](b) \\](c) [d](e)",
];

/// What the others are made of.
const PIECES: [&str; 24] = [
    "\"",
    "'",
    "`",
    "\\",
    "<",
    ">",
    "&",
    "|",
    "{{",
    "}}",
    "${",
    "[[",
    "](",
    "##[",
    "::",
    "\n",
    "\r",
    "\u{1b}[",
    "\u{202e}",
    "\u{e0041}",
    "#",
    "--",
    "@a.b",
    "é ",
];

/// All of them: those above, and some that this seed made.
pub(super) fn all(seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap()
    };
    let mut texts: Vec<_> = HOSTILE.map(str::to_owned).into();
    while texts.len() < COUNT {
        let mut text = format!("r{}", texts.len());
        for _ in 0..4 + next() % 12 {
            text += PIECES[next() % PIECES.len()];
            text += ["", "a", " b", "7"][next() % 4];
        }
        // Spaces at the ends are not what this is about.
        texts.push(text + "z");
    }
    texts
}

/// Says that a character is not seen where it stands, in the texts above.
fn is_hidden(before: Option<char>, c: char, rest: &str) -> bool {
    let in_table = matches!(
        u32::from(c),
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x61c | 0x115f | 0x200b | 0x200e | 0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0x3164 | 0xfdd0 | 0xfeff | 0xffa0 | 0xfffe | 0xffff
            | 0xe0000..=0xe007f | 0x10ffff
    );
    let joins_ascii =
        matches!(c, '\u{200c}' | '\u{200d}') && before.is_some_and(|before| before.is_ascii());
    let commands = ["##[", "##vso["];
    let is_command = c == '#'
        && before == Some('#')
        && commands
            .iter()
            .any(|command| rest.starts_with(&command[2..]));
    in_table || joins_ascii || is_command
}

/// What is seen of a text, where some characters stay as they are.
fn spelled(text: &str, stays: &[char]) -> String {
    let mut out = String::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            c if stays.contains(&c) || !is_hidden(before, c, rest) => out.push(c),
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            c => out += &format!("\\u{{{:x}}}", u32::from(c)),
        }
        before = Some(c);
    }
    out
}

/// On a terminal: one line.
pub(super) fn on_a_terminal(text: &str) -> String {
    let mut out = String::new();
    // Two colons where a word begins.
    for part in spelled(text, &[]).split_inclusive(char::is_whitespace) {
        match part.starts_with("::") {
            true => out += &format!("\\u{{3a}}{}", &part[1..]),
            false => out += part,
        }
    }
    out
}

/// In a document: line breaks are one character, tabs a space.
pub(super) fn in_a_document(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    let text = text.replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    spelled(&text, &['\n'])
}

/// In a message of GitHub's: its line breaks are escaped, so they stay.
pub(super) fn in_a_workflow(text: &str) -> String {
    spelled(text, &['\n', '\r'])
}

/// True where something reaches a terminal or a log that it should not.
pub(super) fn dangerous(output: &str) -> Option<String> {
    let mut before = None;
    for (at, c) in output.char_indices() {
        let is_letter = matches!(c, ' '..='~') && c != '#';
        let rest = &output[at + c.len_utf8()..];
        if !is_letter && c != '\n' && is_hidden(before, c, rest) {
            return Some(output[at..].chars().take(40).collect());
        }
        before = Some(c);
    }
    None
}

/// The first line that GitHub's runner would take for a command: one starts with two colons, or
/// holds two hashes and a bracket.
pub(super) fn command_in(output: &str) -> Option<&str> {
    output
        .lines()
        .find(|line| line.trim_start().starts_with("::") || line.contains("##["))
}
