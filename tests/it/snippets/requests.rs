//! The requests that every language sends: all that a method, a target, a header field and a body may hold.

use http::Method;

/// A request, its target after the base URL.
pub struct Case {
    pub name: &'static str,
    pub method: &'static str,
    pub target: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static [u8],
}

impl Case {
    pub fn method(&self) -> Method {
        Method::from_bytes(self.method.as_bytes()).unwrap()
    }
}

/// The target that wants a token and answers 200, whatever the method is.
const ECHO: &str = "/_sandbox/echo";
const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];
const TEXT: &[(&str, &str)] = &[("Content-Type", "text/plain; charset=utf-8")];

const fn get(name: &'static str, target: &'static str) -> Case {
    Case { name, method: "GET", target, headers: &[], body: b"" }
}

const fn with(name: &'static str, headers: &'static [(&'static str, &'static str)]) -> Case {
    Case { name, method: "GET", target: ECHO, headers, body: b"" }
}

const fn post(name: &'static str, headers: &'static [(&'static str, &'static str)], body: &'static [u8]) -> Case {
    Case { name, method: "POST", target: ECHO, headers, body }
}

const fn of(method: &'static str, body: &'static [u8]) -> Case {
    Case { name: method, method, target: ECHO, headers: JSON, body }
}

pub const CASES: &[Case] = &[
    get("a GET", ECHO),
    get("a query", "/_sandbox/echo?a=1&b=two"),
    get("blanks and percent signs", "/_sandbox/echo?a=b c&d=e%20f&g=h+i&j=100%"),
    get("quotes", "/_sandbox/echo?q='single'&r=\"double\"&s=`back`"),
    get("dollars and braces", "/_sandbox/echo?a=$HOME&b=${HOME}&c=$(id)&d=%23{1+1}"),
    get("brackets, bars, hats", "/_sandbox/echo?filter[name]=a|b^c&d={e}&f=\\g"),
    get("letters of the world", "/_sandbox/echo?name=Jos\u{e9}&emoji=\u{1f600}&cjk=\u{65e5}\u{672c}"),
    get("escapes of what is forbidden", "/_sandbox/echo?nul=%00&line=%0A&crlf=%0D%0A&sep=%E2%80%A8"),
    get("names twice and values empty", "/_sandbox/echo?a=1&a=2&b=&c&=d&&e=;f,g"),
    get("marks that are allowed", "/_sandbox/echo?a=!$&'()*+,;=:@/?-._~"),
    get("a path of blanks and letters", "/_sandbox/sp ace/\u{e9}t\u{e9}/\u{1f680}"),
    get("a path of marks", "/_sandbox/a;b=c,d@e:f!g$h&i'j(k)l*m+n~o"),
    get("a slash that is escaped", "/_sandbox/a%2Fb%3Fc%23d%25e"),
    get("slashes side by side", "/_sandbox//echo///x"),
    get("a script", "/_sandbox/echo?x=</script><script>alert(1)</script>"),
    get("signs of a format", "/_sandbox/echo?x=%25s%25d{0}%(name)s"),
    with(
        "a header of marks",
        &[("X-Marks", r#"'single' "double" `back` $HOME ${HOME} $(id) #{1+1} %s %d {0} \n \\ \" </script> !! ;:=@"#)],
    ),
    with("a header that begins oddly", &[("X-Equals", "=1"), ("X-At", "@file"), ("X-Colon", ":=1"), ("X-Dash", "-1")]),
    with("a header of letters", &[("X-Letters", "Jos\u{e9} \u{1f600} \u{65e5}\u{672c} \u{2028}")]),
    with("a header without a value", &[("X-Empty", "")]),
    with("a header with a tab", &[("X-Tab", "a\tb")]),
    with("two of one name", &[("X-Twice", "one"), ("X-Other", "x"), ("X-Twice", "two")]),
    with(
        "those that clients set",
        &[("Accept", "text/plain;q=0.5"), ("User-Agent", "mine/1.0 (\"x\")"), ("Accept-Encoding", "br")],
    ),
    with("secrets", &[("Cookie", "session=ab'c\"d$e"), ("X-Api-Key", "k`e$y'\\\"%s")]),
    Case {
        name: "a secret of the query",
        method: "GET",
        target: "/_sandbox/echo?api_key=p%27w$x&b=2",
        headers: &[],
        body: b"",
    },
    post("JSON", JSON, br#"{"amount":25.00,"currency":"USD"}"#),
    post("JSON over lines", JSON, b"{\n  \"a\": [1, 2],\n\t\"b\": \"c\"\n}\n"),
    post("JSON with a secret", JSON, br#"{"user": "me", "password": "p'w$x`y", "n": {"apiKey": "z"}}"#),
    post("quotes and backslashes", JSON, br#"{"a":"'\"\\","b":"\u0041\n\\n","c":"'''"}"#),
    post("three quotes", TEXT, b"'''\"\"\"```'\"\"\"'"),
    post(
        "what shells and languages read",
        TEXT,
        b"$HOME ${HOME} $(id) `id` #{1+1} #$x #@x %s %d %n {0} {{x}} !! ~ * ? @{x} \\u0041 \\x41 \\0",
    ),
    post("two kinds of line ends", TEXT, b"one\ntwo\r\nthree\rfour\n\n"),
    post("a line feed and nothing else", TEXT, b"\n"),
    post("a NUL", TEXT, b"a\0b\0"),
    post("controls", TEXT, b"\x01\x02\x07\x08\x0b\x0c\x1b[31mred\x7f\xc2\x85"),
    post("bytes that are no text", &[("Content-Type", "application/octet-stream")], b"\xff\xfe\x00\x80\n'\"\\\xc3\x28"),
    post(
        "letters and separators",
        TEXT,
        "Jos\u{e9} \u{1f600} \u{2028} \u{2029} \u{feff} \u{202e}abc\u{202c} \u{200b}".as_bytes(),
    ),
    post("quotes of typographers", TEXT, "\u{2018}a\u{2019} \u{201a}b\u{201b} \u{201c}c\u{201d} \u{201e}d".as_bytes()),
    post("a script and a comment", TEXT, b"</script><!-- --> */ /* // -- # ]]>"),
    post("what begins like a file", TEXT, b"@/etc/hostname"),
    post("a form", &[("Content-Type", "application/x-www-form-urlencoded")], b"a=1&b=c+d&e=%26%3D"),
    post("a body of no type", &[], b"plain"),
    post("nothing", &[], b""),
    of("PUT", br#"{"a":1}"#),
    of("PATCH", br#"{"a":1}"#),
    of("PURGE", br#"{"a":1}"#),
    Case { name: "DELETE", method: "DELETE", target: ECHO, headers: &[], body: b"" },
    Case { name: "DELETE with a body", ..of("DELETE", br#"{"a":1}"#) },
    Case { name: "OPTIONS", method: "OPTIONS", target: ECHO, headers: &[], body: b"" },
    Case { name: "HEAD", method: "HEAD", target: ECHO, headers: &[], body: b"" },
    Case { name: "GET with a body", ..of("GET", br#"{"a":1}"#) },
];
