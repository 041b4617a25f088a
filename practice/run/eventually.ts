/** Resolves when `happened` is true; the bound is only there to notice what never comes. */
export function eventually(happened: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  return poll(happened, Date.now() + timeoutMs);
}

async function poll(happened: () => boolean | Promise<boolean>, deadline: number): Promise<void> {
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
