//! One list of cases for two implementations: the development provider of this crate, and the
//! `oidc-provider` of `end2end/provider`, which is not ours. Both have the same users and answer as
//! a Logto server with step-up authentication does.

mod account;
mod account_client;
mod account_factors;
mod account_grants;
mod account_identifiers;
mod account_identities;
mod account_profile;
mod authorization;
pub(crate) mod browser;
mod claims;
mod code;
mod documents;
mod magic_links;
mod management;
mod one_time_tokens;
mod programs;
mod refresh;
mod registration;
mod sign_out;
mod step_up;
mod subject;
mod targets;
mod webhooks;

macro_rules! contract {
    ($($area:ident: $($case:ident),+;)+) => {
        mod development_provider {
            $($(
                #[tokio::test]
                async fn $case() {
                    super::$area::$case(&super::subject::Subject::development_provider()).await;
                }
            )+)+
        }

        mod oidc_provider {
            $($(
                #[tokio::test]
                async fn $case() {
                    super::$area::$case(&super::subject::Subject::oidc_provider().await).await;
                }
            )+)+
        }
    };
}

contract! {
    documents:
        the_discovery_document_has_the_endpoints_and_capabilities_of_logto,
        keys_are_served_with_an_etag_that_allows_a_304;
    authorization:
        an_unknown_client_or_redirect_uri_is_not_redirected_to,
        other_errors_are_sent_to_the_callback_with_state_and_issuer,
        a_wrong_password_shows_the_form_again,
        cancelling_returns_access_denied,
        a_session_spares_the_form_unless_the_prompt_is_login,
        a_session_that_is_older_than_max_age_needs_the_form,
        two_sign_ins_side_by_side_both_succeed,
        another_browser_cannot_continue_a_sign_in;
    registration:
        a_new_user_comes_back_signed_in,
        a_new_user_signs_in_later_with_the_address,
        invalid_values_are_explained,
        the_options_choose_the_first_page_and_the_pages_lead_to_each_other,
        the_address_of_a_hint_is_filled_in,
        cancelling_a_registration_returns_access_denied,
        a_user_whom_a_step_up_asks_for_cannot_register,
        a_new_user_accepts_an_invitation_without_a_new_sign_in;
    code:
        a_code_becomes_an_id_token_an_opaque_token_and_a_refresh_token,
        offline_access_needs_the_prompt_consent,
        a_wrong_or_missing_verifier_is_an_invalid_grant,
        another_redirect_uri_is_an_invalid_grant,
        a_code_that_is_used_twice_revokes_its_tokens,
        the_client_authenticates_by_header_or_form;
    claims:
        id_tokens_have_the_claims_of_the_scopes,
        user_info_has_the_larger_claims_too,
        user_info_rejects_other_tokens,
        an_access_token_expires,
        the_provider_has_the_picture_of_a_user;
    refresh:
        a_refresh_token_stays_until_most_of_its_life_has_passed,
        a_rotated_token_is_accepted_for_three_seconds,
        a_refreshed_id_token_keeps_subject_and_nonce,
        unknown_and_expired_tokens_are_invalid_grants,
        a_missing_parameter_or_another_grant_type_is_refused;
    targets:
        a_resource_token_is_a_jwt_with_the_users_permissions,
        an_organization_token_has_the_organization_as_audience,
        a_resource_token_in_an_organization_names_it,
        a_user_who_is_not_a_member_is_denied,
        organization_tokens_need_the_organizations_scope,
        resources_have_to_be_known_and_requested,
        scopes_can_be_reduced_but_not_extended;
    step_up:
        tokens_say_how_the_user_has_authenticated,
        a_session_is_asked_only_for_the_second_factor,
        without_a_session_both_factors_are_asked_for,
        a_proof_that_is_too_old_is_repeated_by_the_same_user,
        any_class_of_the_demand_will_do,
        a_demand_that_cannot_be_met_fails_and_the_session_stays,
        a_user_without_a_second_factor_signs_in_and_the_demand_fails,
        cancelling_the_second_factor_returns_access_denied,
        another_browser_cannot_prove_the_second_factor;
    sign_out:
        a_sign_out_ends_the_browsers_session_and_returns_to_the_app,
        tokens_with_offline_access_survive_a_sign_out,
        a_sign_out_without_a_client_stays_at_the_provider,
        an_unregistered_sign_out_uri_is_refused,
        revoking_a_refresh_token_ends_the_grant_but_not_the_session,
        an_unknown_token_can_be_revoked_and_a_jwt_cannot;
    programs:
        a_machine_app_gets_the_scopes_that_it_asks_for,
        client_credentials_are_for_machine_apps_and_known_targets,
        a_subject_token_is_exchanged_once,
        a_failed_exchange_leaves_the_subject_token_usable,
        an_exchanged_token_names_the_actor,
        an_exchange_is_refused_for_other_tokens_and_targets;
    management:
        the_api_needs_a_token_with_its_permission,
        users_are_listed_and_shown,
        a_new_member_has_the_organization_at_once,
        an_invitation_is_accepted_by_its_invitee_once,
        the_address_of_an_invitee_is_compared_without_case,
        invalid_values_are_refused;
    webhooks:
        webhooks_are_created_listed_changed_and_deleted,
        invalid_webhooks_are_refused,
        a_suspended_user_is_signed_out_and_reported,
        a_deleted_user_is_reported_with_the_former_data,
        members_who_join_and_leave_are_reported,
        a_changed_name_is_reported_without_a_call,
        a_delivery_is_signed_with_the_current_key,
        a_receiver_that_fails_or_is_not_there_breaks_no_call;
    account:
        the_account_needs_an_opaque_token,
        the_account_has_the_fields_of_the_scopes,
        a_user_changes_name_avatar_and_custom_data,
        a_password_is_verified_for_ten_minutes,
        the_factors_of_a_user_are_listed,
        a_user_ends_the_session_of_another_browser,
        a_user_sees_the_grants_of_first_party_apps;
    account_profile:
        an_account_has_the_fields_of_the_scopes,
        claims_of_the_profile_are_changed_one_by_one,
        a_username_needs_a_proof_and_has_to_be_free,
        a_password_needs_a_proof_and_the_user_stays_signed_in;
    account_identifiers:
        an_address_and_a_number_are_set_with_a_code_and_removed,
        a_code_for_the_own_address_is_a_proof_for_ten_minutes,
        a_code_is_for_one_record_and_one_use,
        identifiers_are_refused_for_other_users_values_and_scopes;
    account_identities:
        accounts_are_linked_replaced_and_removed,
        unproven_accounts_and_unknown_connectors_are_refused,
        a_linked_account_leaves_a_token_that_expires;
    account_factors:
        factors_are_added_and_removed,
        wrong_factors_and_passkeys_are_refused,
        settings_of_the_second_factor_are_kept;
    account_grants:
        grants_are_listed_and_revoked,
        a_session_ends_with_or_without_its_grants,
        sessions_and_grants_need_a_proof_and_the_scope;
    one_time_tokens:
        one_time_tokens_need_a_token_for_the_api,
        a_one_time_token_has_a_lifetime_and_a_context,
        one_time_tokens_are_listed_shown_and_deleted,
        a_one_time_token_is_verified_once_for_its_address,
        a_one_time_token_is_not_reactivated;
    magic_links:
        a_magic_link_signs_its_user_in_once,
        a_magic_link_that_cannot_be_used_says_why_above_the_form,
        a_session_ignores_a_magic_link_without_a_prompt,
        a_silent_request_without_a_session_leaves_the_token_unused,
        the_user_of_the_session_continues_and_uses_the_token,
        a_link_for_a_text_that_is_no_address_registers_no_user,
        a_user_who_is_not_the_one_of_the_link_can_stay,
        a_user_who_is_not_the_one_of_the_link_can_switch,
        a_magic_link_with_the_prompt_login_replaces_the_session,
        another_browser_cannot_answer_for_the_session,
        a_magic_link_is_a_first_factor,
        a_magic_link_adds_its_user_to_organizations;
}
