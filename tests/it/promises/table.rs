//! The table itself.

/// One promise, or one fault and what is required when it strikes.
pub struct Row {
    pub number: u32,
    pub sentence: &'static str,
    pub tests: &'static [&'static str],
}

pub const fn row(number: u32, sentence: &'static str, tests: &'static [&'static str]) -> Row {
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
        8,
        "Token endpoint 500, 502, 503, 504 or a reset: at most 3 attempts in a flight (250 and 1000 ms apart, jittered), all waiters get the one error, then no new flight before a pause of 1, 2, 4 ... 60 s.",
        &[
            "an_endpoint_that_is_down_is_asked_three_times_and_then_left_alone_longer_each_time",
            "a_success_on_the_third_attempt_is_a_success_and_ends_the_growing_pause",
            "the_pauses_within_a_flight_are_jittered_by_half",
        ],
    ),
    row(
        9,
        "Token endpoint 429 or 503 with Retry-After: 0 token requests before the 7 s it names pass, in seconds or as a date, capped at 3600 s, and the wait is shown.",
        &[
            "an_endpoint_that_says_when_to_come_back_is_left_alone_until_then",
            "a_pause_of_two_seconds_is_waited_out_within_the_flight",
            "a_429_is_believed_whatever_error_its_body_names",
        ],
    ),
    row(
        10,
        "A token endpoint that hangs fails every waiter once the clock stands at 10 s, the request is aborted (the server sees the close), and the next call starts a new flight.",
        &["an_endpoint_that_hangs_fails_everybody_after_ten_seconds_and_sees_the_connection_close"],
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
            "a_token_turns_stale_a_minute_before_its_end_give_or_take_a_fifth",
        ],
    ),
    row(
        13,
        "A renewal in the background that fails while the token lives fails 0 calls; the next try is no sooner than 30 s, or half of what is left.",
        &[
            "a_renewal_in_the_background_that_fails_fails_no_call_and_waits_before_the_next_try",
            "refused_credentials_in_the_background_fail_no_call_while_the_token_lives",
            "the_timer_tries_a_failed_renewal_again_by_itself_but_not_while_the_endpoint_wants_quiet",
        ],
    ),
    row(
        14,
        "A server that gives the same token again, or a life of 0, 1 or minus 5, causes at most 1 token request a call, and an idle hour causes no loop.",
        &[
            "a_server_that_gives_nothing_new_is_asked_once_a_call_and_never_by_an_idle_explorer",
            "calls_at_once_with_a_token_that_lives_no_moment_share_the_one_that_came",
        ],
    ),
    row(
        15,
        "expires_in as number, numeric string, float, null, missing, negative, 10^19 or text: 8 of 8 forms give a working call; an unknown life is shown as unknown.",
        &["every_form_of_expires_in_gives_a_working_call"],
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
        &[
            "two_processes_have_two_tokens_and_leave_no_byte_of_them_on_disk",
            "without_being_asked_no_token_is_kept_nor_read",
        ],
    ),
    row(
        21,
        "The token goes only to the origins of its credential: 0 Authorization headers elsewhere in 20 redirect cases.",
        &["a_secret_goes_to_its_own_origins_only", "a_token_stays_off_for_the_rest_of_a_chain_that_left_its_origin"],
    ),
    row(22, "Token requests follow 0 redirects.", &["a_token_request_follows_no_redirect"]),
    row(
        23,
        "OAuth 2: Basic form-urlencodes id and secret (RFC 6749), never both methods in one request, no empty scope; 100 odd id/secret pairs of 100 work on an authorization server written by others.",
        &[
            "a_hundred_odd_pairs_are_accepted_by_a_server_that_others_wrote_and_json_there_is_explained",
            "a_hundred_odd_pairs_are_accepted_by_the_strict_sandbox_and_json_there_is_explained",
        ],
    ),
    row(
        24,
        "A 401 retry repeats the body byte for byte (SHA-256 equal) for bodies up to 64 MiB from editor, file and stdin; one that cannot be repeated is not retried and says so.",
        &[
            "a_replay_repeats_the_body_byte_for_byte_up_to_64_mebibytes",
            "a_body_from_a_file_or_standard_input_is_repeated_byte_for_byte",
            "a_body_that_changed_on_disk_is_not_sent_again_and_the_401_says_so",
        ],
    ),
    row(
        25,
        "A POST is never sent twice but for a 401: 0 duplicates in 1000 faulted runs.",
        &[
            "a_post_is_never_sent_twice_in_a_thousand_faulted_runs",
            "a_get_on_a_connection_that_dies_goes_out_once_more_and_a_post_does_not",
        ],
    ),
    row(
        26,
        "With sentinels as secret and token, 0 bytes of them (raw, base64, percent-encoded, JSON-escaped, any 12 bytes in a row) in what any command prints, any pane or overlay draws or leaves: log, database, config, cache, temporary files, command line, environment of other programs, clipboard unless asked by key, panic text.",
        &[
            "no_command_shows_or_leaves_a_secret_or_a_token",
            "no_pane_and_nothing_on_top_shows_or_leaves_a_secret_or_a_token",
            "without_its_mask_each_place_shows_the_sentinels",
            "a_body_with_a_secret_in_it_is_saved_only_when_asked_for_and_for_nobody_else_to_read",
            "each_encoding_of_a_sentinel_is_found_by_any_twelve_bytes_of_it",
            "a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft",
            "no_secret_and_no_token_is_in_the_log_or_the_database",
            "no_secret_and_no_part_of_one_is_in_a_bundle",
        ],
    ),
    row(
        27,
        "A snippet reads token and secret from the environment, in every language and kind, and has them as text only where `--reveal` was given and confirmed; no file has them then.",
        &[
            "no_secret_is_text_in_any_language_unless_it_is_revealed",
            "a_secret_stands_in_the_code_only_when_the_person_says_yes",
        ],
    ),
    row(
        28,
        "After exit the terminal's normal screen and 10000 lines of scrollback hold 0 bytes of a secret.",
        &["no_pane_and_nothing_on_top_shows_or_leaves_a_secret_or_a_token"],
    ),
    row(
        29,
        "A secret file is created 0600 in a 0700 folder under every umask (000, 022, 077), by a name nobody had and through no link; one that is group- or world-readable, a symlink, of another owner or no regular file is refused with exit 3 and the chmod line to type, before anything is sent; a pipe keeps nobody waiting.",
        &[
            "a_secret_is_put_into_a_file_that_nobody_else_can_read_under_every_umask",
            "a_secret_is_put_neither_through_a_link_nor_over_a_file_nor_where_others_can_turn_the_name",
            "a_secret_file_that_others_can_read_ends_with_3_and_the_chmod_line_before_anything_is_sent",
            "a_file_that_others_can_have_read_or_turned_is_refused_with_the_line_that_mends_it",
            "what_is_no_secret_file_is_refused_and_a_pipe_keeps_nobody_waiting",
            "a_kept_token_is_in_one_file_of_ones_own_whose_name_tells_nothing",
            "a_token_file_that_others_could_have_written_is_refused_with_what_mends_it",
        ],
    ),
    row(
        30,
        "Secrets come from a prompt without echo, standard input, a file, the system's keyring, a command or an environment variable that no child sees; -H @FILE and -d @FILE keep values out of the command line, where a secret gets one line of warning.",
        &[
            "a_person_types_the_secret_unseen_and_the_terminal_is_as_before",
            "a_rotation_on_a_terminal_asks_for_the_secret_unseen_and_whether_the_old_one_may_go",
            "the_real_keyring_keeps_gives_exchanges_and_forgets_a_secret_that_no_file_holds",
            "the_recipe_for_pass_works",
            "the_recipe_for_age_works",
            "a_command_runs_once_for_many_calls_without_the_secrets_of_the_environment_and_says_why_it_fails",
            "a_command_sees_none_of_our_secrets",
            "a_secret_in_the_command_line_gets_one_line_of_warning",
            "no_option_turns_the_checks_off_or_takes_a_secret",
        ],
    ),
    row(
        31,
        "Core dumps are off (RLIMIT_CORE 0, PR_SET_DUMPABLE 0 on Linux).",
        &["no_core_is_dumped_and_nobody_looks_into_the_process"],
    ),
    row(
        32,
        "http:// to anything but loopback is refused for token calls and bearer calls unless --insecure-http names that origin; a redirect from https to http is refused always.",
        &[
            "plain_http_is_refused_but_for_loopback_and_an_origin_that_was_named",
            "a_redirect_from_https_to_http_is_refused_and_nothing_goes_there",
        ],
    ),
    row(
        33,
        "TLS is checked: expired, wrong-name and self-signed certificates are refused with the reason, and TLS below 1.2; --cacert is the way for private authorities, and no option turns checks off.",
        &[
            "an_authority_of_ones_own_is_trusted_by_its_file_and_nobody_else_is",
            "encryption_that_cannot_be_had_is_told_with_its_reason_and_silence_ends_at_the_limit",
            "a_server_of_tls_1_1_is_refused",
            "a_server_of_openssl_that_speaks_tls_1_1_only_is_refused",
            "the_sandbox_speaks_https_to_whom_trusts_the_authority_that_it_prints",
            "no_option_turns_the_checks_off_or_takes_a_secret",
        ],
    ),
    row(
        34,
        "Proxy variables are honoured but for loopback and NO_PROXY; a .netrc never changes Authorization; a call says which proxy it went through, and the top line which one is in use.",
        &[
            "a_proxy_in_use_is_on_the_top_line_at_every_width_that_has_room_and_a_colour_is_that_of_the_name",
            "proxy_variables_are_heeded_but_for_loopback_and_excepted_hosts_and_options_and_profiles_win",
            "this_machine_and_the_excepted_hosts_are_reached_without_a_proxy",
            "variables_name_proxies_as_elsewhere",
            "an_encrypted_call_tunnels_and_a_proxy_that_refuses_is_named",
            "a_netrc_changes_no_authorization",
        ],
    ),
    row(
        35,
        "Of 256 byte values and 200000 generated escape sequences in body, header value, status, cookie, error text and JWT claims, 0 reach the terminal as control: one that is fed what we draw is as before.",
        &[
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "two_hundred_thousand_sequences_on_standard_output_are_shown_and_none_is_obeyed",
            "an_error_that_a_server_caused_steers_no_terminal_either",
        ],
    ),
    row(
        36,
        "Control and bidi characters, zero-width ones, tags and U+2028/9 are drawn as visible marks; copy and save give the true bytes.",
        &[
            "no_character_that_is_promised_to_be_marked_gets_through",
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "a_body_is_saved_as_it_came_and_never_over_a_file_unasked",
            "what_is_copied_and_what_goes_to_a_pipe_is_as_it_came",
        ],
    ),
    row(
        37,
        "A 1 MB gzip answer that grows to 1 GiB, and a brotli one of 841 bytes, are stopped once over 64 MiB were decoded at more than 200 times what came (configurable); an honest body is bounded by max-body alone.",
        &[
            "a_bomb_is_stopped_once_it_grew_out_of_measure",
            "an_honest_body_is_bounded_by_the_limit_of_size_alone",
            "an_endless_body_stops_at_the_limit_and_its_socket_is_closed",
        ],
    ),
    row(
        41,
        "Invalid UTF-8, UTF-16, Latin-1, BOM and NUL bodies: what is saved is what was sent, byte for byte; as text each bad byte is marked.",
        &[
            "whatever_the_bytes_are_what_is_saved_is_what_was_sent",
            "text_in_another_character_set_is_looked_at_as_text_and_its_bytes_stay",
            "a_secret_in_another_character_set_is_asked_about_too_before_it_is_saved",
            "no_way_to_look_at_a_decoded_or_laid_out_body_shows_a_secret",
        ],
    ),
    row(
        42,
        "Truncated bodies (short Content-Length, cut chunk, reset, cut gzip) are always marked incomplete and give exit 6; never shown as complete.",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "what_the_screen_says_of_each_hostile_server",
            "what_is_cut_in_the_middle_of_its_encoding_is_incomplete_and_what_came_is_kept",
            "a_broken_connection_or_token_call_is_6",
        ],
    ),
    row(
        43,
        "A drip of a byte a second is shown as it drips, and is stopped by the total limit (none for event streams) and by Ctrl-C; an endless answer stops at the limit of size.",
        &[
            "a_drip_is_ended_by_the_total_limit_unless_it_is_an_event_stream",
            "an_interrupt_is_130_and_what_came_is_kept",
            "a_body_that_arrives_tells_bytes_and_time_and_ctrl_c_while_keys_work",
            "an_endless_body_stops_at_the_limit_and_its_socket_is_closed",
        ],
    ),
    row(
        44,
        "10000 header fields or a header of 1 MB: an error naming the limit.",
        &["a_head_without_measure_is_refused_by_name_of_the_limit"],
    ),
    row(
        45,
        "After quitting, an error, a panic in the loop, a task or a thread, SIGTERM, SIGHUP, SIGINT, SIGQUIT, and while stopped by Ctrl-Z or SIGTSTP, the terminal is as before and its modes are byte-equal.",
        &[
            "one_key_after_the_first_frame_an_authorised_call_is_answered",
            "signals_end_it_with_the_terminal_as_before_and_their_own_exit_code",
            "a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft",
            "it_stops_as_a_job_and_goes_on_where_it_was",
        ],
    ),
    row(
        46,
        "When the terminal goes away the process ends.",
        &["it_ends_when_its_window_is_closed", "signals_end_it_with_the_terminal_as_before_and_their_own_exit_code"],
    ),
    row(
        47,
        "1000 random sizes while calls are sent, 1x1, 0x0, 1x200 and 500x2 among them: no panic.",
        &["any_size_and_any_change_of_size_is_survived", "nothing_panics_at_any_size_and_badge_and_environment_stay"],
    ),
    row(
        48,
        "Without a terminal, or with one that knows nothing, the explorer ends with 2, one line and no escape byte; NO_COLOR sets no colour; what goes to a pipe has no escape byte of ours.",
        &[
            "without_a_terminal_there_is_one_line_and_no_escape",
            "on_a_terminal_that_knows_nothing_the_explorer_says_so_without_an_escape",
            "without_colour_no_byte_sets_one",
            "help_in_a_pipe_has_no_escape",
        ],
    ),
    row(
        49,
        "A paste of 10 MB is one edit and one step to undo, and never a command, nor is what is there directly behind it; one without an end keeps no signal waiting.",
        &[
            "a_paste_into_a_field_is_one_step_to_undo",
            "a_paste_and_what_is_directly_behind_it_is_no_command",
            "a_paste_is_text_even_where_it_carries_the_mark_of_its_end",
            "a_signal_ends_it_in_the_middle_of_a_paste_that_has_no_end",
        ],
    ),
    row(
        50,
        "kill -9 at any of 100 moments while session, drafts and history are written (AUTHSCOPE_KILLS makes them more): 0 unreadable files; the former or the latter version is there, whole.",
        &[
            "a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole",
            "a_process_killed_while_it_adds_to_the_history_leaves_whole_calls",
        ],
    ),
    row(
        51,
        "8 processes at once keep 1000 drafts each, or add 1000 calls each to the history: every one is there, and none is told of a lock.",
        &[
            "eight_processes_at_once_keep_every_draft_of_each",
            "eight_processes_at_once_add_every_call_of_each_to_the_history",
        ],
    ),
    row(
        52,
        "Where files cannot grow, the home is no folder or none is named: it starts, says what it cannot keep and ends with 0; what was kept stays.",
        &[
            "where_no_file_may_grow_the_explorer_says_so_and_what_was_kept_stays",
            "a_change_that_finds_no_room_is_said_to_be_unkept_and_asked_about_at_the_end",
            "in_a_home_that_is_no_folder_the_explorer_says_what_it_cannot_keep_and_works",
            "without_home_the_folders_that_are_named_serve",
            "without_a_home_the_store_says_so_once_and_takes_orders_all_the_same",
        ],
    ),
    row(
        53,
        "While 200 calls are in flight and a renewal hangs, each of 200 keys is answered by exactly one frame, in order, in the round in which it came.",
        &["every_key_is_a_frame_of_its_own_while_200_calls_are_in_flight_and_a_renewal_hangs"],
    ),
    row(
        54,
        "After 10000 calls as much of them is alive as after 1000: the newest calls, 64 MiB of bodies beside the one being looked at, and 1000 lines of the sandbox's journal.",
        &[
            "as_much_is_alive_after_ten_thousand_calls_as_after_one_thousand",
            "older_bodies_go_first_and_the_one_being_looked_at_stays",
            "the_journal_keeps_the_last_requests",
        ],
    ),
    row(
        55,
        "Exit codes are fixed and distinct: 0 done, 1 internal or a failed step, 2 usage or our own rule, 3 credentials, 4 and 5 the API's, 6 network or token call, 7 a limit, 130 and 143 signals; a closed output is 0; the worst of many; errors in JSON are one object.",
        &[
            "an_answer_of_2xx_or_3xx_is_0",
            "output_that_cannot_be_written_is_1_and_the_log_that_says_so_is_named",
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
            "each_fault_fails_its_own_step_and_no_other",
            "without_a_token_the_exit_code_tells_why_and_nothing_passes",
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
    row(
        10,
        "token endpoint 401: final, 1 request, calls fail fast",
        &[
            "wrong_credentials_cost_one_token_call_until_they_change_or_the_person_asks",
            "each_refusal_of_the_endpoint_means_what_it_says",
        ],
    ),
    row(
        11,
        "token endpoint 429, Retry-After in seconds, as a date, junk",
        &["an_endpoint_that_says_when_to_come_back_is_left_alone_until_then"],
    ),
    row(
        12,
        "token endpoint 500, 503: 3 attempts at most, a success on the third is one",
        &[
            "an_endpoint_that_is_down_is_asked_three_times_and_then_left_alone_longer_each_time",
            "a_success_on_the_third_attempt_is_a_success_and_ends_the_growing_pause",
        ],
    ),
    row(
        13,
        "token endpoint hangs",
        &["an_endpoint_that_hangs_fails_everybody_after_ten_seconds_and_sees_the_connection_close"],
    ),
    row(14, "token endpoint slow", &["a_slow_endpoint_is_shown_as_waited_for_and_a_waiter_can_leave"]),
    row(
        15,
        "token endpoint drops the connection",
        &["an_endpoint_that_is_down_is_asked_three_times_and_then_left_alone_longer_each_time"],
    ),
    row(
        16,
        "HTML with 200 from the token endpoint",
        &["an_answer_that_is_no_token_is_an_error_and_nothing_is_kept_of_it"],
    ),
    row(17, "redirect of the token request", &["a_token_request_follows_no_redirect"]),
    row(
        18,
        "no access_token, an empty one, an array, cut JSON",
        &["an_answer_that_is_no_token_is_an_error_and_nothing_is_kept_of_it"],
    ),
    row(19, "OAuth error with 200", &["each_refusal_of_the_endpoint_means_what_it_says"]),
    row(20, "CRLF or ESC in access_token", &["an_answer_that_is_no_token_is_an_error_and_nothing_is_kept_of_it"]),
    row(
        21,
        "200 kB token",
        &["a_long_or_an_opaque_token_works", "a_token_answer_that_never_ends_is_given_up_at_a_limit"],
    ),
    row(22, "opaque token", &["a_long_or_an_opaque_token_works"]),
    row(
        23,
        "token_type mac, BEARER, missing",
        &[
            "the_type_of_a_token_is_bearer_in_any_case_or_not_told",
            "an_answer_that_is_no_token_is_an_error_and_nothing_is_kept_of_it",
        ],
    ),
    row(
        24,
        "expires_in as string, float, null, missing, negative, zero, huge, text",
        &[
            "every_form_of_expires_in_gives_a_working_call",
            "a_server_that_gives_nothing_new_is_asked_once_a_call_and_never_by_an_idle_explorer",
        ],
    ),
    row(
        25,
        "expires_in lies",
        &[
            "of_two_lives_that_differ_the_earlier_wins_and_is_noted",
            "a_life_that_was_told_too_long_ends_with_a_401_that_heals",
        ],
    ),
    row(26, "server clock off by an hour", &["the_skew_of_a_server_is_measured_and_moves_no_life"]),
    row(27, "Date missing, junk, cached", &["an_answer_that_says_nothing_of_the_servers_clock_leaves_the_skew_alone"]),
    row(28, "wall clock jumps", &["the_countdown_holds_whatever_the_wall_clock_does"]),
    row(29, "suspend", &["after_a_long_sleep_a_token_is_over_and_no_call_goes_out_with_it"]),
    row(
        30,
        "stale keep-alive socket: GET goes out once more, POST is an error",
        &[
            "a_get_on_a_connection_that_dies_goes_out_once_more_and_a_post_does_not",
            "a_get_is_repeated_once_and_no_more",
            "a_get_whose_answer_had_begun_is_not_repeated",
        ],
    ),
    row(31, "cancel of the refresh leader", &["cancelling_the_call_that_started_the_renewal_fails_none_of_the_others"]),
    row(32, "cancel of all", &["cancelling_every_call_leaves_no_stuck_flight"]),
    row(33, "credentials edited during a flight", &["an_edit_during_a_flight_throws_its_token_away"]),
    row(
        35,
        "20 processes at once",
        &[
            "twenty_processes_at_once_cause_twenty_token_calls_and_no_error",
            "twenty_processes_that_share_their_token_cause_one_token_call_and_no_error",
        ],
    ),
    row(34, "profile switched during calls", &["calls_of_two_profiles_never_share_a_token"]),
    row(
        36,
        "odd id and secret",
        &[
            "a_hundred_odd_pairs_are_accepted_by_the_strict_sandbox_and_json_there_is_explained",
            "forms_and_basic_are_understood_with_odd_secrets_too",
        ],
    ),
    row(37, "wrong way of authentication", &["each_kind_of_endpoint_is_asked_in_its_own_way"]),
    row(
        38,
        "JSON body at an OAuth endpoint",
        &[
            "each_kind_of_endpoint_is_asked_in_its_own_way",
            "a_hundred_odd_pairs_are_accepted_by_the_strict_sandbox_and_json_there_is_explained",
        ],
    ),
    row(39, "scope asked for and not granted", &["a_scope_that_was_asked_for_and_not_granted_is_noted"]),
    row(40, "invalid_scope, invalid_target: final", &["each_refusal_of_the_endpoint_means_what_it_says"]),
    row(
        41,
        "redirect to another port, host name, user information, scheme",
        &["a_secret_goes_to_its_own_origins_only", "another_port_is_another_origin_and_user_information_is_dropped"],
    ),
    row(
        42,
        "redirect loop, bad address, file:",
        &["ten_redirects_are_followed_and_an_eleventh_is_not", "odd_places_stop_the_chain"],
    ),
    row(43, "307 and 308 of a POST to another origin", &["odd_places_stop_the_chain"]),
    row(
        44,
        "http to https redirect: the token stays behind, and is refused a plain hop that is not on this machine",
        &[
            "a_token_does_not_follow_a_redirect_from_http_to_https",
            "plain_http_is_refused_but_for_loopback_and_an_origin_that_was_named",
        ],
    ),
    row(45, "https to http redirect", &["a_redirect_from_https_to_http_is_refused_and_nothing_goes_there"]),
    row(
        46,
        "expired, wrong name, self-signed, no client certificate",
        &[
            "an_authority_of_ones_own_is_trusted_by_its_file_and_nobody_else_is",
            "a_client_certificate_is_shown_to_its_own_origins_and_its_key_is_nobody_elses_to_read",
        ],
    ),
    row(47, "old TLS", &["a_server_of_tls_1_1_is_refused", "a_server_of_openssl_that_speaks_tls_1_1_only_is_refused"]),
    row(
        48,
        "proxy variables",
        &["proxy_variables_are_heeded_but_for_loopback_and_excepted_hosts_and_options_and_profiles_win"],
    ),
    row(49, ".netrc for the host", &["a_netrc_changes_no_authorization"]),
    row(
        50,
        "ESC, OSC 0/8/52, DCS, APC, C1, RIS, alternate screen, mouse",
        &[
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "two_hundred_thousand_sequences_on_standard_output_are_shown_and_none_is_obeyed",
        ],
    ),
    row(
        51,
        "the same in header fields, reason, cookie",
        &[
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "two_hundred_thousand_sequences_on_standard_output_are_shown_and_none_is_obeyed",
            "an_error_that_a_server_caused_steers_no_terminal_either",
        ],
    ),
    row(
        52,
        "bidi, zero-width, tags, towers of combining marks",
        &[
            "no_character_that_is_promised_to_be_marked_gets_through",
            "a_tower_of_combining_marks_is_cut",
            "widths_of_pieces_are_widths_of_their_text",
        ],
    ),
    row(
        53,
        "CR and BS overwrite: both texts visible",
        &["what_the_screen_says_of_each_hostile_server", "what_controls_reorders_or_hides_is_marked"],
    ),
    row(
        54,
        "BEL: silence",
        &[
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "two_hundred_thousand_sequences_on_standard_output_are_shown_and_none_is_obeyed",
        ],
    ),
    row(
        55,
        "ESC in the text of an error",
        &[
            "two_hundred_thousand_sequences_and_every_byte_are_drawn_and_none_is_obeyed",
            "an_error_that_a_server_caused_steers_no_terminal_either",
        ],
    ),
    row(56, "gzip bomb, brotli bomb, double gzip", &["a_bomb_is_stopped_once_it_grew_out_of_measure"]),
    row(
        57,
        "bad or cut gzip, unknown encoding: an error or the bytes as they came, marked; never an empty success",
        &[
            "what_is_no_gzip_is_kept_as_it_came_and_is_no_success",
            "what_is_cut_in_the_middle_of_its_encoding_is_incomplete_and_what_came_is_kept",
            "an_encoding_that_is_not_known_or_stacked_too_high_leaves_the_bytes_as_they_came",
            "what_is_sent_by_up_to_three_codings_is_shown_as_what_it_is_and_both_lengths_are_told",
            "a_body_that_could_have_been_encoded_and_is_none_is_no_broken_one",
        ],
    ),
    row(62, "wrong content type: shown as what it is", &["what_the_screen_says_of_each_hostile_server"]),
    row(
        63,
        "short, negative, double Content-Length, and with chunks: incomplete or an error, nothing smuggled into the next answer",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "what_the_screen_says_of_each_hostile_server",
            "bytes_behind_the_end_of_an_answer_are_no_part_of_the_next",
        ],
    ),
    row(
        64,
        "cut or bad chunk, no length: the first two are incomplete, the third is complete",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "what_the_screen_says_of_each_hostile_server",
        ],
    ),
    row(
        65,
        "reset, FIN in the body: exit 6, no POST twice",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "a_broken_connection_or_token_call_is_6",
            "a_post_is_never_sent_twice_in_a_thousand_faulted_runs",
        ],
    ),
    row(
        66,
        "slow head, slow body, drip",
        &[
            "silence_ends_at_the_idle_limit_before_the_head_and_after_it",
            "a_drip_is_ended_by_the_total_limit_unless_it_is_an_event_stream",
        ],
    ),
    row(
        67,
        "blackhole before the connection, within its encryption, and before and after the head",
        &[
            "encryption_that_cannot_be_had_is_told_with_its_reason_and_silence_ends_at_the_limit",
            "a_server_that_accepts_nothing_is_given_up_after_the_limit_for_connecting",
            "silence_ends_at_the_idle_limit_before_the_head_and_after_it",
            "a_drip_is_ended_by_the_total_limit_unless_it_is_an_event_stream",
            "a_large_upload_is_not_idle_while_it_goes_on",
        ],
    ),
    row(68, "refused, DNS failure", &["nobody_there_and_no_such_name_are_told_apart"]),
    row(69, "endless body", &["an_endless_body_stops_at_the_limit_and_its_socket_is_closed"]),
    row(
        70,
        "1xx floods: the answer is found, one without an answer ends at the total limit",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "what_the_screen_says_of_each_hostile_server",
            "a_flood_of_interim_answers_ends_at_the_limit_of_time",
        ],
    ),
    row(
        71,
        "status 999, 099, HTTP/0.9, junk status line: shown or an error",
        &[
            "an_early_end_is_incomplete_and_no_end_but_the_connections_is_one",
            "what_the_screen_says_of_each_hostile_server",
        ],
    ),
    row(72, "10 000 headers, 1 MB header", &["a_head_without_measure_is_refused_by_name_of_the_limit"]),
    row(73, "bit flips: an error or odd text", &["no_flip_of_a_bit_in_an_answer_is_more_than_an_error_or_odd_text"]),
    row(74, "1-byte segments", &["answers_in_segments_of_one_byte_read_the_same"]),
    row(
        76,
        "API 429/503 with Retry-After",
        &["an_api_that_asks_to_wait_is_not_called_again_by_itself_and_the_wait_is_told"],
    ),
    row(
        77,
        "panic in the loop or in a task",
        &["a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft"],
    ),
    row(
        78,
        "SIGTERM, HUP, INT, QUIT, TSTP and CONT",
        &[
            "signals_end_it_with_the_terminal_as_before_and_their_own_exit_code",
            "a_signal_ends_it_while_a_call_is_on_its_way",
            "it_stops_as_a_job_and_goes_on_where_it_was",
        ],
    ),
    row(79, "tty closed under it", &["it_ends_when_its_window_is_closed"]),
    row(
        80,
        "resize storms",
        &["any_size_and_any_change_of_size_is_survived", "a_storm_of_sizes_is_one_frame_of_the_last_one"],
    ),
    row(
        81,
        "no terminal, a dumb one, NO_COLOR, LANG=C, LANG=ru_RU.KOI8-R: no colour, no sign beyond ASCII of ours",
        &[
            "without_a_terminal_there_is_one_line_and_no_escape",
            "on_a_terminal_that_knows_nothing_the_explorer_says_so_without_an_escape",
            "without_colour_no_byte_sets_one",
            "where_the_locale_is_not_utf_8_all_that_the_program_writes_is_ascii",
        ],
    ),
    row(
        82,
        "10 MB paste, no end mark, ESC inside",
        &[
            "a_paste_and_what_is_directly_behind_it_is_no_command",
            "a_paste_is_text_even_where_it_carries_the_mark_of_its_end",
            "a_signal_ends_it_in_the_middle_of_a_paste_that_has_no_end",
        ],
    ),
    row(
        83,
        "mouse report flood, torn anywhere: no report is a key",
        &["no_key_is_seen_in_a_flood_of_the_mouse_wherever_it_is_torn", "bytes_mean_the_same_however_they_are_torn"],
    ),
    row(
        84,
        "input of broken UTF-8, lone ESC, half sequences",
        &[
            "keys_work_after_input_that_is_none",
            "what_is_no_key_is_passed_over_whole",
            "a_sequence_whose_last_byte_is_late_is_waited_for",
            "all_of_a_flood_of_keys_is_taken_before_the_next_one",
        ],
    ),
    row(
        85,
        "loose or linked secret file, a pipe in its place",
        &[
            "a_file_that_others_can_have_read_or_turned_is_refused_with_the_line_that_mends_it",
            "what_is_no_secret_file_is_refused_and_a_pipe_keeps_nobody_waiting",
            "a_token_file_that_others_could_have_written_is_refused_with_what_mends_it",
        ],
    ),
    row(
        86,
        "secret file swapped between check and open: never written or read through a link, 0600 in every sample",
        &[
            "a_name_that_others_turn_meanwhile_is_neither_written_nor_read_through_and_the_file_is_always_ours_alone",
            "a_token_file_that_others_could_have_written_is_refused_with_what_mends_it",
        ],
    ),
    row(
        87,
        "kill -9 in writes, 100 times: the former or the latter version is there, whole; no draft is lost",
        &[
            "a_process_killed_while_it_writes_leaves_the_former_or_the_latter_version_whole",
            "a_killed_explorer_loses_no_draft",
            "a_process_killed_while_it_adds_to_the_history_leaves_whole_calls",
        ],
    ),
    row(
        88,
        "disk full, no folder to write in: said, survived, the old file kept",
        &[
            "where_no_file_may_grow_the_explorer_says_so_and_what_was_kept_stays",
            "a_change_that_finds_no_room_is_said_to_be_unkept_and_asked_about_at_the_end",
            "where_nothing_can_be_kept_the_explorer_says_so_and_works",
        ],
    ),
    row(
        90,
        "database locked, corrupt, of a later version: waited for 5 s beside the screen, set aside, left alone; never deleted",
        &[
            "a_database_that_another_program_holds_is_waited_for_while_the_screen_works",
            "a_database_that_cannot_be_read_is_set_aside_and_one_of_a_later_version_left_alone",
            "a_database_that_is_none_is_set_aside_and_a_new_one_begun",
            "a_database_of_a_later_version_is_left_alone",
            "a_history_that_another_program_holds_or_that_is_of_a_later_version_hinders_no_call",
            "a_later_version_is_left_alone_and_what_is_no_database_is_set_aside",
        ],
    ),
    row(
        91,
        "two instances, or eight: every row of each is kept, and no lock is seen",
        &[
            "eight_processes_at_once_add_every_call_of_each_to_the_history",
            "eight_processes_at_once_keep_every_draft_of_each",
            "two_instances_leave_each_others_rows_alone",
        ],
    ),
    row(
        94,
        "server echoes the secret in the token error",
        &[
            "a_secret_that_the_endpoint_tells_back_is_masked",
            "a_try_shows_the_request_without_its_secret_the_answer_and_how_it_was_read",
        ],
    ),
    row(
        95,
        "import of hostile OpenAPI, HAR, Postman, curl: no network, no file read or written without a yes",
        &[
            "references_in_a_circle_come_to_an_end",
            "addresses_of_files_and_of_the_network_are_left",
            "what_is_deep_huge_or_broken_is_left_with_a_reason",
            "a_command_line_of_a_megabyte_comes_to_an_end",
            "control_characters_never_reach_a_name",
            "scripts_of_a_collection_are_named_and_not_run",
            "a_file_that_is_named_is_not_read_without_a_yes",
            "names_of_folders_lead_nowhere_else",
            "no_secret_of_what_is_imported_reaches_a_file_or_the_screen",
            "pure_rooms_do_not_reach_out",
        ],
    ),
    row(
        96,
        "variable and template loops: an error that names the chain, and no hang",
        &[
            "unknown_names_and_loops_are_errors_that_name_the_chain",
            "an_unknown_name_behind_others_is_told_with_the_way_to_it",
            "a_text_that_doubles_at_each_step_is_stopped",
            "a_value_of_an_answer_is_never_read_as_a_template",
        ],
    ),
    row(97, "sandbox called from a web page", &["the_door_lets_in_loopback_hosts_without_an_origin_only"]),
    row(
        98,
        "clock far off (1970, 2100): starts, and an error of TLS names the clock",
        &[
            "a_clock_that_is_off_by_decades_hinders_no_call",
            "encryption_that_cannot_be_had_is_told_with_its_reason_and_silence_ends_at_the_limit",
        ],
    ),
    row(
        92,
        "secret in a header, a cookie, an address or a body of an answer",
        &[
            "no_command_shows_or_leaves_a_secret_or_a_token",
            "no_pane_and_nothing_on_top_shows_or_leaves_a_secret_or_a_token",
        ],
    ),
    row(
        93,
        "server echoes the token: views mask it, a copy or a file has it only when that is asked for",
        &[
            "a_body_with_a_secret_in_it_is_saved_only_when_asked_for_and_for_nobody_else_to_read",
            "no_pane_and_nothing_on_top_shows_or_leaves_a_secret_or_a_token",
            "a_secret_is_drawn_as_what_stands_for_it_and_moves_no_offset",
            "a_secret_is_masked_wherever_it_is_cut",
        ],
    ),
    row(
        99,
        "limit of 32 open files, 200 calls",
        &["two_hundred_calls_under_a_limit_of_32_open_files_end_each_in_an_answer_or_a_clear_error"],
    ),
    row(
        100,
        "soak of 24 h, tokens that live 20 s, a call a second",
        &["a_day_of_a_call_a_second_asks_for_a_token_every_18_seconds_and_keeps_few_of_them"],
    ),
    row(
        101,
        "server closes idle sockets after 5 s",
        &["sockets_that_a_server_closed_while_they_idled_fail_no_get_and_double_no_post"],
    ),
    row(
        102,
        "fresh token not yet valid on another node",
        &["a_token_issued_in_the_future_of_another_node_ends_with_the_hint_and_no_third_send"],
    ),
    row(
        103,
        "`localhost` is ::1 first and nobody is there",
        &[
            "a_host_whose_first_address_has_nobody_is_reached_by_its_second",
            "localhost_works_where_nobody_listens_on_the_first_of_its_addresses",
        ],
    ),
];
