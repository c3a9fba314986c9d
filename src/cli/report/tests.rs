//! The forms of a report, whatever stands in its steps.

use super::*;

#[test]
fn what_xml_and_tap_may_not_hold_is_told_so_that_they_may() {
    let steps = [
        Step::good("a <b> & \"c\"", "one\u{1b}[31m\ntwo"),
        Step::failed("no # 2", "it said \\ and #\nand more"),
        Step::not_judged("late", "it lives"),
    ];
    let told: Vec<_> = steps.iter().zip(1..).map(|(step, number)| as_tap(step, number)).collect();
    assert_eq!(told[1], "not ok 2 - no \\# 2\n  ---\n  message: \"it said \\\\ and #\\nand more\"\n  ...");
    assert_eq!(told[2], "ok 3 - late # SKIP it lives");
    let xml = junit::text("authscope check", &steps);
    assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{xml}");
    assert!(xml.contains("name=\"a &lt;b&gt; &amp; &quot;c&quot;\""), "{xml}");
    assert!(xml.contains("one\u{fffd}[31m&#10;two") && !xml.contains('\u{1b}'), "{xml}");
}

#[test]
fn the_worst_step_decides_and_what_is_not_judged_does_not() {
    let exit = |steps: Vec<Step>| steps.iter().map(|step| step.exit).min();
    assert_eq!(exit(vec![Step::good("a", ""), Step::not_judged("b", "")]), Some(Exit::Done));
    assert_eq!(exit(vec![Step::good("a", ""), Step::failed("b", "")]), Some(Exit::Failed));
    assert_eq!(exit(vec![Step::failed("a", "").ending(Exit::Network)]), Some(Exit::Network));
}
