import type { ComponentChildren } from 'preact';

/** Fields that belong together. Nothing is sent anywhere: what happens on Enter is each field's own business. */
export function Form({
  children,
  narrow = false,
}: {
  readonly children: ComponentChildren;
  readonly narrow?: boolean;
}) {
  return (
    <form class={narrow ? 'form narrow-form' : 'form'} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}
