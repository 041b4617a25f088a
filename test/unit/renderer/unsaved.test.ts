import { describe, expect, it } from 'vitest';
import { type Draft, Unsaved } from '../../../renderer/console/model/unsaved.ts';

/** A page with drafts, and what happened to it in order. */
function page() {
  const unsaved = new Unsaved();
  const happened: string[] = [];
  const draft = (name: string, save: Draft['save'] = async () => true) => {
    const saved = async () => {
      happened.push(`save ${name}`);
      return save?.() ?? false;
    };
    const held = () => ({ name, save: save === null ? null : saved });
    return { held, release: unsaved.hold(held) };
  };
  const say = (what: string) => () => void happened.push(what);
  const names = () => unsaved.question.value?.drafts.map(({ name }) => name) ?? null;
  return { unsaved, happened, draft, say, names };
}

describe('leaving what is not saved', () => {
  it('happens at once where all is saved', () => {
    const { unsaved, happened, draft, say, names } = page();
    draft('a').release();
    unsaved.ask(say('left'));
    unsaved.askAbout(draft('b').held, say('asked'));
    expect(happened).toEqual(['left']);
    expect(names()).toEqual(['b']);
  });

  it('asks about one draft alone where only that one goes', () => {
    const { unsaved, happened, draft, say, names } = page();
    draft('guardrails');
    const rule = draft('rule');
    unsaved.askAbout(rule.held, say('closed'));
    expect(names()).toEqual(['rule']);
    unsaved.question.value?.leave();
    expect(happened).toEqual(['closed']);
    expect(names()).toBeNull();
    rule.release();
    unsaved.askAbout(rule.held, say('closed again'));
    expect(happened).toEqual(['closed', 'closed again']);
  });

  it('saves the newest first, and what becomes unsaved by that', async () => {
    const { unsaved, happened, draft, say } = page();
    const rule = draft('rule', async () => {
      rule.release();
      draft('guardrails');
      return true;
    });
    unsaved.ask(say('left'), say('stayed'));
    await unsaved.question.value?.save();
    expect(happened).toEqual(['save rule', 'save guardrails', 'left']);
  });

  it('stays where one is refused, and says so once', async () => {
    const { unsaved, happened, draft, say, names } = page();
    draft('machine');
    draft('credential', async () => false);
    unsaved.ask(say('left'), say('stayed'));
    await unsaved.question.value?.save();
    expect(happened).toEqual(['save credential', 'stayed']);
    expect(names()).toBeNull();
  });

  it('stays where one has become such that it cannot be saved', async () => {
    const { unsaved, happened, draft, say } = page();
    draft('guardrails', null);
    draft('rule');
    unsaved.ask(say('left'), say('stayed'));
    await unsaved.question.value?.save();
    expect(happened).toEqual(['save rule', 'stayed']);
  });

  it('answers an older question before a newer is asked', () => {
    const { unsaved, happened, draft, say } = page();
    draft('a');
    unsaved.ask(say('left'), say('stayed'));
    unsaved.ask(say('left for another'));
    expect(happened).toEqual(['stayed']);
    unsaved.question.value?.leave();
    expect(happened).toEqual(['stayed', 'left for another']);
  });
});
