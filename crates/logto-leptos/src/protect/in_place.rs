//! The place of the content in the page.
//!
//! A Leptos `Suspense` streams its content after the page unless the `SsrMode` says otherwise, and
//! a script moves it into place. The head waits for the decision anyway, so the server renders the
//! content where it stands: then it is visible without JavaScript too.

#[cfg(feature = "ssr")]
mod imp {
    use std::{
        collections::VecDeque,
        future::Future as _,
        task::{Context, Poll, Waker},
    };

    use leptos::{
        error::ErrorHookFuture,
        prelude::*,
        reactive::computed::ScopedFuture,
        tachys::{
            html::attribute::{Attribute, any_attribute::AnyAttribute},
            hydration::Cursor,
            reactive_graph::OwnedView,
            ssr::{StreamBuilder, StreamChunk},
            view::{Position, PositionState, add_attr::AddAnyAttr},
        },
    };

    pub(in crate::protect) fn in_place(content: impl Fn() -> Suspend<AnyView>) -> impl IntoView {
        Owner::new().with(|| {
            // The `Transition` in the browser takes an id. Without one here, the resources of the
            // page would have other ids than in the browser.
            if let Some(context) = Owner::current_shared_context() {
                context.next_id();
            }
            OwnedView::new(InPlace(content()))
        })
    }

    /// A view that the server renders in place, even if the rest of the page streams out of order.
    struct InPlace<V>(Suspend<V>);

    impl<V: RenderHtml + 'static> RenderHtml for InPlace<V> {
        type AsyncOutput = Option<V>;
        type Owned = Self;

        const MIN_LENGTH: usize = V::MIN_LENGTH;

        fn dry_resolve(&mut self) {
            self.0.dry_resolve();
        }

        async fn resolve(self) -> Option<V> {
            self.0.resolve().await
        }

        fn to_html_with_buf(
            self,
            buf: &mut String,
            position: &mut Position,
            escape: bool,
            mark_branches: bool,
            extra_attrs: Vec<AnyAttribute>,
        ) {
            self.0
                .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
        }

        fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
            self,
            buf: &mut StreamBuilder,
            position: &mut Position,
            escape: bool,
            mark_branches: bool,
            extra_attrs: Vec<AnyAttribute>,
        ) {
            let mut view = Box::pin(self.0.resolve());
            if let Poll::Ready(view) = view.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return view.to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark_branches, extra_attrs);
            }
            buf.next_id();
            let id = buf.child_id();
            let mut content_position = *position;
            buf.push_async(ScopedFuture::new(ErrorHookFuture::new(async move {
                let view = view.await;
                let mut content = StreamBuilder::new(id);
                view.to_html_async_with_buf::<OUT_OF_ORDER>(
                    &mut content,
                    &mut content_position,
                    escape,
                    mark_branches,
                    extra_attrs,
                );
                let chunks = content.finish().take_chunks();
                if OUT_OF_ORDER {
                    wait_for_places(chunks).await
                } else {
                    chunks
                }
            })));
            *position = Position::NextChild;
        }

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
            self.0.hydrate::<FROM_SERVER>(cursor, position)
        }

        fn into_owned(self) -> Self {
            self
        }
    }

    /// Waits for the parts that are rendered in place. The builder of an out-of-order chunk would
    /// move parts that are not ready to the end of the chunk.
    async fn wait_for_places(mut chunks: VecDeque<StreamChunk>) -> VecDeque<StreamChunk> {
        let mut complete = VecDeque::new();
        while let Some(chunk) = chunks.pop_front() {
            match chunk {
                StreamChunk::Async { chunks: inner } => {
                    for chunk in inner.await.into_iter().rev() {
                        chunks.push_front(chunk);
                    }
                }
                chunk => complete.push_back(chunk),
            }
        }
        complete
    }

    impl<V: Render + 'static> Render for InPlace<V> {
        type State = <Suspend<V> as Render>::State;

        fn build(self) -> Self::State {
            self.0.build()
        }

        fn rebuild(self, state: &mut Self::State) {
            self.0.rebuild(state);
        }
    }

    impl<V: AddAnyAttr + Send + 'static> AddAnyAttr for InPlace<V> {
        type Output<A: Attribute> = InPlace<<V as AddAnyAttr>::Output<A::CloneableOwned>>;

        fn add_any_attr<A: Attribute>(self, attr: A) -> Self::Output<A>
        where
            Self::Output<A>: RenderHtml,
        {
            InPlace(self.0.add_any_attr(attr))
        }
    }
}

#[cfg(not(feature = "ssr"))]
mod imp {
    use leptos::prelude::*;

    pub(in crate::protect) fn in_place(content: impl Fn() -> Suspend<AnyView> + Send + 'static) -> impl IntoView {
        view! { <Transition>{content}</Transition> }
    }
}

pub(super) use imp::in_place;
