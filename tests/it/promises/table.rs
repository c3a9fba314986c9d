//! The table itself.

/// One promise, or one fault and what is required when it strikes.
pub struct Row {
    pub number: u32,
    pub sentence: &'static str,
    pub tests: &'static [&'static str],
}

const fn row(number: u32, sentence: &'static str, tests: &'static [&'static str]) -> Row {
    Row { number, sentence, tests }
}

pub const PROMISES: &[Row] = &[
    row(
        1,
        "200 concurrent calls that meet a revoked token cause exactly 1 token request; each is sent at most twice; all end in 200.",
        &["two_hundred_calls_that_meet_a_revoked_token_cause_one_token_call"],
    ),
    row(
        2,
        "200 concurrent calls that start with no token cause exactly 1 token request and 200 API requests.",
        &["two_hundred_calls_without_a_token_wait_for_one_token_call"],
    ),
    row(
        3,
        "200 concurrent calls that start after local expiry cause exactly 1 token request and 0 answers of 401.",
        &["two_hundred_calls_after_local_expiry_cause_one_token_call_and_no_401"],
    ),
    row(
        4,
        "A 401 earned by an older generation and read after the next one is installed causes 0 token requests, in 100 rounds.",
        &["a_late_401_of_an_older_generation_costs_no_token_call"],
    ),
    row(
        5,
        "An endpoint that always answers 401: the first call is sent 2 times, later ones within 60 s once; 200 at once cause 1 renewal and at most 400 sends.",
        &[
            "an_endpoint_that_always_refuses_is_sent_to_twice_and_then_once_a_minute",
            "two_hundred_refused_calls_at_once_cause_one_renewal_and_at_most_two_sends_each",
        ],
    ),
    row(
        6,
        "403, and 401 with insufficient_scope or invalid_request, cause 0 token requests and 0 retries.",
        &["a_403_and_a_401_that_a_token_does_not_heal_cause_no_token_call"],
    ),
    row(
        7,
        "Wrong credentials: 200 calls cause 1 token request, 0 API requests and equal errors; no other token request until they change or the person asks.",
        &["wrong_credentials_cost_one_token_call_until_they_change_or_the_person_asks"],
    ),
    row(
        11,
        "Cancelling the call that started a renewal fails 0 of the others; cancelling all of them leaves 0 stuck flights.",
        &[
            "cancelling_the_call_that_started_the_renewal_fails_none_of_the_others",
            "cancelling_every_call_leaves_no_stuck_flight",
        ],
    ),
    row(
        12,
        "A background renewal starts when the token turns stale, by timer or on the next call, and never delays a call while the old token lives.",
        &[
            "a_stale_token_serves_the_call_in_hand_while_another_is_fetched_in_the_background",
            "the_timer_renews_a_token_that_served_a_call_and_leaves_an_idle_one_alone",
        ],
    ),
    row(
        16,
        "If the JWT's own life and expires_in differ by over 60 s, the earlier wins and a warning is shown.",
        &["of_two_lives_that_differ_the_earlier_wins_and_is_noted"],
    ),
    row(
        17,
        "The countdown is right with the local clock wrong by a day, and after a jump of the wall clock by an hour.",
        &["the_countdown_holds_whatever_the_wall_clock_does"],
    ),
    row(
        18,
        "After 40 minutes of suspend a 30-minute token is expired, and 0 calls go out with it.",
        &["after_a_long_sleep_a_token_is_over_and_no_call_goes_out_with_it"],
    ),
    row(
        19,
        "Per transaction: 12 calls cause as many token requests, no two carry the same token, and afterwards no secret is alive.",
        &[
            "per_transaction_each_call_has_a_token_of_its_own_that_is_gone_afterwards",
            "a_dropped_transaction_leaves_no_secret_alive",
        ],
    ),
    row(
        20,
        "Tokens are never shared between processes: 2 processes, 2 tokens, and 0 bytes of token on disk after exit.",
        &["two_processes_have_two_tokens_and_leave_no_byte_of_them_on_disk"],
    ),
    row(
        21,
        "The token goes only to the origins of its credential: 0 Authorization headers elsewhere in 20 redirect cases.",
        &["a_secret_goes_to_its_own_origins_only", "a_token_stays_off_for_the_rest_of_a_chain_that_left_its_origin"],
    ),
    row(22, "Token requests follow 0 redirects.", &["a_token_request_follows_no_redirect"]),
    row(
        55,
        "Exit codes are fixed and distinct: 0 done, 1 internal or a failed step, 2 usage or our own rule, 3 credentials, 4 and 5 the API's, 6 network or token call, 7 a limit, 130 and 143 signals; a closed output is 0; the worst of many; errors in JSON are one object.",
        &[
            "an_answer_of_2xx_or_3xx_is_0",
            "output_that_cannot_be_written_is_1",
            "what_is_refused_before_anything_is_sent_is_2",
            "credentials_that_are_refused_or_missing_are_3",
            "a_status_of_4xx_is_4_and_of_5xx_5_unless_that_is_no_failure",
            "a_broken_connection_or_token_call_is_6",
            "a_limit_on_size_or_time_is_7",
            "an_interrupt_is_130_and_what_came_is_kept",
            "termination_is_143_for_a_call_for_many_and_while_a_body_is_read",
            "a_reader_that_goes_away_ends_the_program_quietly_with_0",
            "of_many_calls_the_worst_decides",
            "of_many_calls_the_worst_counts",
            "an_error_in_json_is_one_object",
        ],
    ),
    row(
        56,
        "The sandbox binds 127.0.0.1 only, refuses hosts that are not loopback and any Origin, and its control routes want their header.",
        &[
            "the_door_lets_in_loopback_hosts_without_an_origin_only",
            "the_levers_want_their_header",
            "what_is_refused_before_anything_is_sent_is_2",
        ],
    ),
    row(
        57,
        "The words valid and verified are never shown for a signature that was not checked.",
        &["nothing_that_faces_a_person_calls_a_token_valid_or_verified"],
    ),
];

pub const FAULTS: &[Row] = &[
    row(1, "token revoked under load", &["two_hundred_calls_that_meet_a_revoked_token_cause_one_token_call"]),
    row(2, "token expired locally", &["two_hundred_calls_after_local_expiry_cause_one_token_call_and_no_401"]),
    row(3, "late 401 of an older generation", &["a_late_401_of_an_older_generation_costs_no_token_call"]),
    row(
        4,
        "always 401",
        &[
            "an_endpoint_that_always_refuses_is_sent_to_twice_and_then_once_a_minute",
            "a_403_and_a_401_that_a_token_does_not_heal_cause_no_token_call",
        ],
    ),
    row(
        5,
        "401 storm with valid tokens",
        &["two_hundred_refused_calls_at_once_cause_one_renewal_and_at_most_two_sends_each"],
    ),
    row(6, "insufficient scope", &["the_scope_that_a_403_wants_is_named"]),
    row(7, "401 insufficient_scope", &["a_403_and_a_401_that_a_token_does_not_heal_cause_no_token_call"]),
    row(
        8,
        "WWW-Authenticate multi, junk, odd case, 60 kB, none",
        &["odd_challenges_are_read_or_ignored_and_the_call_is_healed_once"],
    ),
    row(
        9,
        "DPoP or claims challenge",
        &[
            "odd_challenges_are_read_or_ignored_and_the_call_is_healed_once",
            "a_403_and_a_401_that_a_token_does_not_heal_cause_no_token_call",
        ],
    ),
    row(31, "cancel of the refresh leader", &["cancelling_the_call_that_started_the_renewal_fails_none_of_the_others"]),
    row(32, "cancel of all", &["cancelling_every_call_leaves_no_stuck_flight"]),
    row(33, "credentials edited during a flight", &["an_edit_during_a_flight_throws_its_token_away"]),
    row(35, "20 processes at once", &["twenty_processes_at_once_cause_twenty_token_calls_and_no_error"]),
    row(97, "sandbox called from a web page", &["the_door_lets_in_loopback_hosts_without_an_origin_only"]),
    row(34, "profile switched during calls", &["calls_of_two_profiles_never_share_a_token"]),
];
