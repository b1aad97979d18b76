//! Time that runs, and where it rests.

use super::*;

#[test]
fn playing_ends_by_itself_at_the_last_step_and_playing_again_begins_at_the_first() {
    let mut bench = Bench::new(RIVER);
    bench.session.set_playing(true);
    for _ in 0..1000 {
        bench.session.tick(0.1);
        bench.work();
    }
    assert!(!bench.session.is_playing());
    assert_eq!(bench.session.step(), 300);
    bench.session.set_playing(true);
    assert_eq!((bench.session.step(), bench.session.frontier()), (0, 300));
}

#[test]
fn time_that_runs_to_a_step_rests_there_at_any_speed_and_whoever_stops_it_before_is_free() {
    for speed in [DEFAULT_SPEED, SPEEDS.len() - 1] {
        let mut bench = Bench::new(RIVER);
        bench.session.set_speed(speed);
        bench.session.play_to(37);
        for _ in 0..200 {
            bench.work();
            bench.session.tick(0.04);
            assert!(bench.session.step() <= 37);
        }
        assert_eq!((bench.session.step(), bench.session.is_playing()), (37, false));
        // From there on it goes on like any other.
        bench.session.set_playing(true);
        bench.work();
        bench.session.tick(1.0);
        assert!(bench.session.step() > 37);
    }
    let mut bench = Bench::new(RIVER);
    bench.session.play_to(37);
    bench.work();
    bench.session.tick(0.2);
    bench.session.step_by(50);
    bench.session.set_playing(true);
    bench.work();
    bench.session.tick(1.0);
    assert!(bench.session.step() > 58 && bench.session.is_playing());
}
