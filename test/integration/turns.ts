/** How often everything else of the process had its turn while `long` was done; with what it resolved with. */
export async function turnsDuring<T>(
  long: () => Promise<T>,
): Promise<{ readonly turns: number; readonly value: T }> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    const value = await long();
    return { turns, value };
  } finally {
    over = true;
  }
}
