import type { Outpost } from '../core/outpost.ts';

/** What members have here beside their connections to the door. */
export interface MembersSessions {
  /** Numbers of those who have any; one who has several may come several times. */
  members(): Iterable<number>;
  /** Ends all of one. */
  end(member: number): void;
}

/** Those of an outpost; `outpost` gives null before there is one. */
export function membersSessions(outpost: () => Pick<Outpost, 'status' | 'end'> | null): MembersSessions {
  const sessions = () => outpost()?.status().sessions ?? [];
  return {
    members: () => sessions().flatMap(({ member }) => (member === undefined ? [] : [member])),
    end: (member) => {
      for (const session of sessions()) if (session.member === member) outpost()?.end(session.id);
    },
  };
}
