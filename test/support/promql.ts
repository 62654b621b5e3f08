/** A metric and what is asked of its labels, as a query of Prometheus names them. */
export interface Selector {
  name: string;
  matchers: { label: string; test: (value: string) => boolean }[];
}

const selector = /\b((?:onetake|temporal)_\w+)(?:\{([^}]*)\})?/g;
const matcher = /(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;

/** All selectors of metrics of ours and of Temporal's SDK. */
export function selectorsIn(query: string): Selector[] {
  return Array.from(query.matchAll(selector), ([, name = '', matchers = '']) => ({
    name,
    matchers: Array.from(matchers.matchAll(matcher), ([, label = '', operator, value = '']) => ({
      label,
      test: testFor(operator, value),
    })),
  }));
}

export function metricsIn(query: string): string[] {
  return selectorsIn(query).map(({ name }) => name);
}

function testFor(operator: string | undefined, wanted: string): (value: string) => boolean {
  const pattern = new RegExp(`^(?:${wanted})$`);
  switch (operator) {
    case '=~':
      return (value) => pattern.test(value);
    case '!~':
      return (value) => !pattern.test(value);
    case '!=':
      return (value) => value !== wanted;
    default:
      return (value) => value === wanted;
  }
}
