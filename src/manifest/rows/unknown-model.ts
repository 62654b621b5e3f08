import { oneLine } from '../../contract/one-line.ts';
import { didYouMean } from './did-you-mean.ts';

/** Up to this many models, the message lists all of them. */
const shortList = 5;
/** Longer than any model name. Limits texts that come from callers and from the gateway. */
const maxNameLength = 80;

/** Message for a model that is not in the gateway's list for the API key, with similar names. */
export function unknownModel(model: string, listed: readonly string[]): string {
  const names = listed.filter(({ length }) => length <= maxNameLength).map(oneLine);
  const all = names.length <= shortList ? `; available are ${names.map(quoted).join(', ')}` : '';
  const count = `${listed.length} ${listed.length === 1 ? 'model' : 'models'}`;
  return `Model ${quoted(shown(model))} is not among the ${count} that this API key may use${didYouMean(model, names) || all}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

function shown(model: string): string {
  const line = oneLine(model);
  return line.length > maxNameLength ? `${line.slice(0, maxNameLength)}…` : line;
}
