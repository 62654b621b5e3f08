import { searchAttributeNames } from '../../src/contract/search-attributes.ts';

// temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
const keyword = 2;

/** onetake's search attributes as the operator API of a running server wants them. */
export const videoSearchAttributeTypes: Record<string, number> = Object.fromEntries(
  searchAttributeNames.map((name) => [name, keyword]),
);

/** The same as `startTemporalServer()` wants them. */
export const videoSearchAttributes = Object.fromEntries(
  searchAttributeNames.map((name) => [name, 'Keyword' as const]),
);
