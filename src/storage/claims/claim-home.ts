import { spellingsOf } from '../../contract/key-text.ts';
import { claimObjectKey } from '../../identity/object-key.ts';
import type { VideoStorage } from '../video-storage.ts';

/**
 * Where the claim of a key is. Spellings of one key share a claim; a claim that an earlier version made under another
 * spelling stays where it is.
 */
export async function homeOf(storage: VideoStorage, claimKey: string): Promise<string> {
  const [home, ...others] = spellingsOf(claimKey).map(claimObjectKey) as [string, ...string[]];
  if (others.length === 0 || (await storage.head(home))) return home;
  for (const key of others) if (await storage.head(key)) return key;
  return home;
}
