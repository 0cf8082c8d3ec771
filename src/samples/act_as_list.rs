use leptos::prelude::*;

use super::{
    act_as::{ActAs, OtherUser, load_other_users},
    act_as_error::{ActAsError, ActAsErrorNote},
};

/// A button for each user. It needs no JavaScript. `label` returns the label of the button for a
/// name, and `explain` the text of an error.
#[component]
pub fn ActAsList(label: fn(&str) -> String, explain: fn(&ActAsError) -> String) -> impl IntoView {
    let action = ServerAction::<ActAs>::new();
    let users = Resource::new_blocking(|| (), |()| load_other_users());
    let error = move || action.value().get().and_then(Result::err);
    view! {
        <div role="status">{move || error().map(|error| view! { <ActAsErrorNote error explain /> })}</div>
        <Suspense>
            {Suspend::new(async move {
                match users.await {
                    Ok(users) => list(action, users, label).into_any(),
                    Err(error) => view! { <ActAsErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn list(action: ServerAction<ActAs>, users: Vec<OtherUser>, label: fn(&str) -> String) -> impl IntoView {
    let users = users.into_iter().map(|user| {
        view! {
            <li>
                <code>{user.id.clone()}</code>
                <ActionForm action>
                    <input type="hidden" name="user_id" value=user.id />
                    <button type="submit" class="button">
                        {label(&user.name)}
                    </button>
                </ActionForm>
            </li>
        }
    });
    view! { <ul class="entries">{users.collect_view()}</ul> }
}
