//! What an explorer keeps of its calls: the newest ones, however many there were, and no more bytes than a limit.

use std::sync::Weak;

use authscope::{
    app::timeline::{KEPT, KEPT_BYTES},
    domain::exchange::Answer,
};

use crate::{
    promises::number,
    stage::{CAPTURED, Stage},
};

#[test]
fn as_much_is_alive_after_ten_thousand_calls_as_after_one_thousand() {
    let mut stage = Stage::new(120, 40);
    let mut seen: Vec<Weak<Answer>> = Vec::new();
    let mut alive = Vec::new();
    for calls in [number(54, 1), number(54, 0)] {
        while seen.len() < calls {
            let order = stage.send();
            stage.answered(&order, 200, CAPTURED);
            let answer = stage.app.timeline.flow(order.id).unwrap().answer.as_ref().unwrap();
            seen.push(std::sync::Arc::downgrade(answer));
        }
        alive.push((seen.iter().filter(|answer| answer.upgrade().is_some()).count(), stage.app.timeline.count()));
    }
    assert_eq!(alive, [(KEPT, KEPT); 2]);
}

#[test]
fn older_bodies_go_first_and_the_one_being_looked_at_stays() {
    const SIZE: usize = 8 << 20;
    let mut stage = Stage::new(120, 40);
    let body = "x".repeat(SIZE);
    let first = stage.send();
    stage.answered(&first, 200, &body);
    let many = usize::try_from(KEPT_BYTES).unwrap() / SIZE + 2;
    let orders: Vec<_> = (0..many).map(|_| stage.send()).collect();
    // Looks at the first one while the others are answered.
    stage.app.response.show_exchange(first.id, stage.app.timeline.flow(first.id));
    for order in &orders {
        stage.answered(order, 200, &body);
    }
    let size = |stage: &Stage, at: usize| {
        let flow = stage.app.timeline.flow(orders[at].id).unwrap();
        assert!(!flow.is_running());
        flow.answer.as_ref().unwrap().body.len()
    };
    let sizes: Vec<_> = (0..many).map(|at| size(&stage, at)).collect();
    assert_eq!((sizes[0], sizes[1], sizes.iter().sum::<u64>()), (0, SIZE as u64, KEPT_BYTES + SIZE as u64));
    assert_eq!(stage.app.response.document.as_ref().unwrap().body().len(), SIZE as u64);
    stage.app.response.show_exchange(orders[0].id, stage.app.timeline.flow(orders[0].id));
    stage.tick(0);
    let text = stage.text();
    assert!(text.contains("no longer kept") && text.contains("8.4 MB"), "{text}");
}
