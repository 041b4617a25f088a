/** How far something is. Without `value` it only says that it goes on. */
export function Progress({
  label,
  value,
  max = 1,
}: {
  readonly label: string;
  readonly value?: number;
  readonly max?: number;
}) {
  return <progress class="progress" aria-label={label} {...(value !== undefined && { value, max })} />;
}
