//! What looking at a large body costs inside: its index, a window at a random place, the next page, the path, a fold, a
//! search; and bodies that are hard in one way.
//!
//! `cargo bench --bench document` prints it, each figure beside what it must not pass; `cargo bench --bench document --
//! 1000` does so for a body of 1000 MB in place of 100. Absolute figures are the machine's; times are those of one
//! processor.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on ends")]
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::{fmt::Write as _, hint::black_box, io::Write as _, time::Duration};

use authscope::{
    body::Body,
    document::{Document, Indexer, Mode, Pattern, Searcher, Step},
};

/// Lines and columns of a window.
const ROWS: usize = 40;
const COLUMNS: usize = 120;
/// Random places that are looked at.
const PLACES: usize = 2000;

/// Time on a processor of this thread: what others do on the machine is not counted.
struct Instant(Duration);

impl Instant {
    fn now() -> Self {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Self(Duration::new(spent.tv_sec.try_into().unwrap(), spent.tv_nsec.try_into().unwrap()))
    }

    fn elapsed(&self) -> Duration {
        Self::now().0.saturating_sub(self.0)
    }
}

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) % limit.max(1)
    }
}

/// Nested, minified JSON of about so many bytes, of which a file holds all.
fn nested(bytes: u64) -> Body {
    let mut file = tempfile::tempfile().unwrap();
    let mut dice = Dice(1);
    let mut chunk = String::from("{\"meta\":{\"made\":\"bench\"},\"items\":[");
    let (mut written, mut id) = (0, 0);
    while written < bytes {
        if id > 0 {
            chunk.push(',');
        }
        let (price, mark) = (dice.below(100_000), dice.below(2) == 0);
        write!(
            chunk,
            "{{\"id\":{id},\"name\":\"item {id}\",\"tags\":[\"alpha\",\"beta\",\"g\\u00fcnstig\"],\"price\":{price}.25,\
             \"nested\":{{\"a\":{{\"b\":[{id},null,{mark}]}},\"empty\":{{}}}},\"text\":\"lorem ipsum \\\"dolor\\\" sit\"}}"
        )
        .unwrap();
        id += 1;
        if chunk.len() > 1 << 20 {
            written += chunk.len() as u64;
            file.write_all(chunk.as_bytes()).unwrap();
            chunk.clear();
        }
    }
    chunk.push_str("],\"last\":\"the Needle\"}");
    file.write_all(chunk.as_bytes()).unwrap();
    let len = file.metadata().unwrap().len();
    Body::of_file(file, len)
}

fn indexed(body: Body) -> (Document, Duration) {
    let mut document = Document::new(body, None);
    let begun = Instant::now();
    let mut indexer = Indexer::new(&document);
    while indexer.step(4 << 20) == Step::More {}
    let took = begun.elapsed();
    document.learn(indexer.index());
    assert!(document.count().exact);
    (document, took)
}

/// The middle and 99 of 100, in milliseconds.
fn of(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}

fn timed<T>(count: usize, mut work: impl FnMut(usize) -> T) -> (f64, f64) {
    of((0..count)
        .map(|at| {
            let begun = Instant::now();
            black_box(work(at));
            begun.elapsed()
        })
        .collect())
}

fn told(what: &str, (middle, slow): (f64, f64), most: f64) {
    let verdict = if slow <= most { "pass" } else { "FAIL" };
    println!("{what:<54}{middle:>9.3}{slow:>9.3} ms   at most {most:>7.2}   {verdict}");
}

fn once(what: &str, took: Duration, most: f64) {
    let time = took.as_secs_f64() * 1e3;
    told(what, (time, time), most);
}

fn windows(name: &str, document: &Document, most: f64) {
    let mut dice = Dice(7);
    let lines = document.count().lines;
    let places: Vec<u64> = (0..PLACES).map(|_| dice.below(lines)).collect();
    told(
        &format!("{name}: a window of {ROWS} lines"),
        timed(PLACES, |at| document.window(places[at], ROWS, 0..COLUMNS)),
        most,
    );
    told(&format!("{name}: the path of a line"), timed(PLACES, |at| document.path(places[at])), 1.0);
}

fn search(name: &str, document: &Document, needle: &str, most: f64) {
    let begun = Instant::now();
    let mut searcher = Searcher::new(document, Pattern::new(needle).unwrap());
    let mut hits = Vec::new();
    while searcher.step(4 << 20, &mut hits) == Step::More {}
    assert!(!hits.is_empty());
    once(name, begun.elapsed(), most);
}

fn large(megabytes: u64) {
    #[expect(clippy::cast_precision_loss, reason = "a factor")]
    let times = megabytes as f64 / 100.0;
    let body = nested(megabytes * 1_000_000);
    let (mut document, _) = indexed(body.clone());
    let (_, took) = indexed(body.clone());
    println!("{megabytes} MB of nested JSON, {} lines, minified, in a file", document.count().lines);
    once("index", took, 80.0 * times);
    windows("pretty", &document, 0.3);
    let mut top = document.count().lines / 3;
    let next = |_| {
        top += ROWS as u64;
        document.window(top, ROWS, 0..COLUMNS)
    };
    told("the next page", timed(PLACES, next), 1.0);
    search("search, exact", &document, "the Needle", 30.0 * times);
    search("search, any case", &document, "the needle", 80.0 * times);
    // The second level holds the largest container.
    let line = document.visible_line_of(27).unwrap() + 1;
    told("fold and unfold the largest container", timed(200, |_| document.toggle_fold(line)), 0.2);
    let begun = Instant::now();
    document.fold_all();
    document.unfold_all();
    document.fold_to(3);
    once("fold all, unfold all, fold to level 3", begun.elapsed(), 1.0);
    windows("folded to level 3", &document, 0.3);
    document.unfold_all();
    for mode in [Mode::Raw, Mode::Hex] {
        document.set_mode(mode);
        let lines = document.count().lines;
        let mut dice = Dice(3);
        let window = |_| document.window(dice.below(lines), ROWS, 0..COLUMNS);
        told(&format!("{}: a window", mode.name()), timed(PLACES, window), 0.3);
    }
    let fresh = Document::new(body, None);
    told("the tail before there is an index", timed(200, |_| fresh.tail(ROWS, 0..COLUMNS)), 5.0);
}

fn hard(name: &str, text: String) {
    #[expect(clippy::cast_precision_loss, reason = "a size")]
    let most = (text.len() as f64 / 0.3e6).max(1.0);
    let (mut document, took) = indexed(Body::of(text));
    once(&format!("{name}: index"), took, most);
    windows(name, &document, 16.0);
    let lines = document.count().lines;
    let mut dice = Dice(5);
    told(
        &format!("{name}: a fold at a random line, and its window"),
        timed(200, |_| {
            let line = dice.below(lines.min(document.count().lines));
            document.toggle_fold(line);
            document.window(line, ROWS, 0..COLUMNS)
        }),
        16.0,
    );
    let far = 5_000_000;
    told(&format!("{name}: far to the right"), timed(200, |_| document.window(0, ROWS, far..far + COLUMNS)), 16.0);
}

fn main() {
    let megabytes = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(100);
    println!("{:<54}{:>9}{:>9}", "", "middle", "p99");
    large(megabytes);
    println!();
    hard("one string of 10 MB", format!("[\"{}\"]", "x".repeat(10_000_000)));
    hard("10 MB of escapes", format!("[\"{}\"]", "\\u00fc".repeat(10_000_000 / 6)));
    let keys: Vec<String> = (0..1_000_000).map(|at| format!("\"key {at}\":{at}")).collect();
    hard("1 000 000 keys", format!("{{{}}}", keys.join(",")));
    hard("100 000 levels", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)));
    hard("1 000 000 unclosed", "[".repeat(1_000_000));
    hard("1 000 000 values on a line", format!("[{}1]", "1,".repeat(1_000_000)));
}
