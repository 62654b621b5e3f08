import type { ResolveSubmission } from '../../contract/messages.ts';
import { decisionTexts } from '../texts/decisions.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { confirmationWord, isConfirmed } from './short-id.ts';

/** A decision, or why the form is none. */
export type ReadDecision = { decision: ResolveSubmission & { since: string } } | { fault: string };

const longestJobId = 256;

/** Reads the form of a decision. Without the typed word, nothing that may cost money is decided. */
export function readDecision(videoId: string, fields: URLSearchParams, lang: Lang): ReadDecision {
  const texts = inLanguage(decisionTexts, lang);
  const action = fields.get('action');
  const since = fields.get('since') ?? '';
  if (action === 'adopt') {
    const [candidate, typed] = ['candidate', 'job'].map((name) => (fields.get(name) ?? '').trim());
    if (candidate && typed && candidate !== typed) return { fault: texts.twoJobsGiven };
    const jobId = (typed || candidate) ?? '';
    if (jobId === '' || jobId.length > longestJobId) return { fault: texts.noJobGiven };
    return { decision: { action, jobId, since } };
  }
  if (action !== 'resubmit' && action !== 'abandon') return { fault: texts.unknownAction };
  if (isConfirmed(videoId, fields.get('word'))) return { decision: { action, since } };
  return { fault: texts.notTyped(confirmationWord(videoId)) };
}
