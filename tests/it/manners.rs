//! The manners of the explorer: twelve rules of how it behaves towards a person, each tied to the tests that hold it.

use crate::promises::{
    checked,
    table::{Row, row},
};

mod errors;
mod keys;
mod looks;
mod random;
mod secrets;
#[cfg(unix)]
mod terminal;
mod work;

const MANNERS: &[Row] = &[
    row(
        1,
        "`Esc` twenty times from anywhere ends at the root and never exits, cancels or loses a draft.",
        &[
            "escape_twenty_times_after_any_story_ends_at_the_root_and_loses_nothing",
            "escape_twenty_times_after_anything_a_person_did_ends_at_the_root_and_loses_nothing",
            "escape_twenty_times_from_anywhere_ends_at_the_root_and_loses_nothing",
        ],
    ),
    row(
        2,
        "A paste is text in a field, an offer over the panes, never commands.",
        &[
            "a_paste_is_text_in_a_field_an_offer_over_the_panes_and_never_a_command",
            "a_paste_and_what_is_directly_behind_it_is_no_command",
            "a_paste_into_a_field_is_one_step_to_undo",
            "a_paste_is_text_even_where_it_carries_the_mark_of_its_end",
            "keys_that_are_there_as_soon_as_a_paste_are_text_of_it",
        ],
    ),
    row(
        3,
        "No binding appears twice in one context; every action has a key that a terminal of sixteen colours tells apart.",
        &[
            "no_default_key_has_two_meanings_or_begins_another_in_one_context",
            "every_action_has_a_key_that_any_terminal_tells_apart",
            "every_action_of_the_panes_is_a_command_by_its_name",
            "no_action_has_only_a_key_that_needs_altgr_on_some_keyboard",
            "keys_of_terminals_and_multiplexers_stay_theirs",
        ],
    ),
    row(
        4,
        "Only key presses count; leaving, stopping, a panic and a signal leave a clean terminal.",
        &[
            "keys_come_in_their_one_form",
            "signals_end_it_with_the_terminal_as_before_and_their_own_exit_code",
            "it_stops_as_a_job_and_goes_on_where_it_was",
            "a_panic_in_the_loop_or_in_a_task_gives_the_terminal_back_is_told_and_logged_and_loses_no_draft",
        ],
    ),
    row(
        5,
        "A copy tries the desktop's clipboard, then tmux, then OSC 52, and says which one worked and how many bytes; a \
         copied secret says so.",
        &[
            "a_copied_token_says_that_it_is_a_secret",
            "a_copy_goes_by_tmux_where_there_is_no_desktop_and_says_how_many_bytes",
            "a_copy_that_neither_desktop_nor_tmux_take_goes_to_the_terminal_and_says_so",
            "what_is_in_hand_is_copied_by_two_keys_and_the_way_is_said",
        ],
    ),
    row(
        6,
        "Colour is never the only carrier of meaning: every look shows every state by word and sign.",
        &[
            "every_state_of_the_token_has_its_word_and_its_sign_in_every_look",
            "the_frames_of_a_terminal_without_unicode_are_ascii",
            "stripped_of_all_style_each_state_of_the_token_reads_differently",
            "mono_draws_no_colour_and_ansi16_none_beyond_the_sixteen",
            "without_colour_no_byte_sets_one",
            "on_a_terminal_that_knows_nothing_the_explorer_says_so_without_an_escape",
            "without_a_terminal_there_is_one_line_and_no_escape",
        ],
    ),
    row(
        7,
        "Drawing happens only when something changed; a countdown costs one small update a second.",
        &[
            "what_changes_nothing_makes_no_frame",
            "whatever_happens_is_drawn_without_a_panic_and_what_is_not_drawn_anew_has_not_changed",
            "nothing_out_of_date_is_no_frame_and_nothing_counting_is_no_wake_up",
            "a_key_in_a_field_redraws_once_and_writes_under_400_bytes",
            "a_key_that_means_nothing_leaves_the_screen_alone",
            "a_tick_is_one_frame",
        ],
    ),
    // Imports and filters are not built yet; a large body and a search are what takes long.
    row(
        8,
        "Long work shows its progress in bytes and time, ends by Ctrl-C, and never blocks a key.",
        &[
            "a_body_that_arrives_tells_bytes_and_time_and_ctrl_c_while_keys_work",
            "ctrl_c_cancels_what_runs_and_quits_only_when_pressed_twice_at_rest",
            "the_lines_of_a_large_body_are_learnt_once_each_time_it_is_looked_at",
            "a_search_tells_what_it_finds_and_when_it_is_through",
            "an_index_grows_until_it_is_whole",
            "progress_waits_until_a_frame_has_stood_for_16_milliseconds",
        ],
    ),
    row(
        9,
        "Everything that left or arrived is in the timeline, token calls with their error bodies too; no secret is drawn, \
         and the same one has the same name everywhere.",
        &[
            "a_refused_token_call_is_in_the_timeline_with_what_was_answered",
            "a_token_has_the_same_name_wherever_it_is_drawn",
            "no_character_of_a_secret_is_drawn_in_any_story",
            "a_token_is_revealed_for_ten_seconds_and_each_of_them_is_counted",
            "whatever_takes_its_page_away_hides_a_token",
            "what_is_typed_in_a_field_is_hidden_where_it_is_a_known_secret",
            "a_healed_call_tells_its_seven_steps_in_order",
            "no_secret_and_no_token_is_in_the_log_or_the_database",
        ],
    ),
    row(
        10,
        "Secrets are masked in views and never altered in what is sent; a credential says where its secret is from.",
        &[
            "each_credential_says_where_its_secret_comes_from_and_where_it_rests",
            "the_record_of_a_call_is_what_the_server_received_but_for_the_secret",
            "the_token_call_is_made_by_the_engine_and_never_as_text",
        ],
    ),
    // Opening an address in a browser is not built yet.
    row(
        11,
        "A click puts the focus, the wheel scrolls, and F6 leaves the selection of text to the terminal.",
        &[
            "a_click_puts_focus_and_cursor_where_it_points",
            "the_wheel_scrolls_what_is_under_it_and_leaves_the_focus",
            "f6_gives_the_mouse_to_the_terminal_and_takes_it_back",
        ],
    ),
    row(
        12,
        "An error says what failed, on what, why, and what to do; what came is one key away.",
        &[
            "every_kind_of_failure_is_said_with_what_to_do",
            "every_refusal_and_every_failed_token_call_is_said_with_what_to_do",
            "no_failure_is_made_without_a_hint",
            "why_no_token_can_be_had_is_told_where_nothing_was_refused",
        ],
    ),
];

#[test]
fn every_manner_names_tests_that_exist() {
    checked(MANNERS);
    assert!(MANNERS.iter().map(|row| row.number).eq(1..=12));
}
