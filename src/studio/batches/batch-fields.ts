import { checkedBatchName } from '../../client/batch/start-batch.ts';
import type { VideoBatchInput } from '../../contract/batch.ts';
import { calendarDate } from '../../contract/calendar-date.ts';
import { nameOfFile } from '../../manifest/batch-name.ts';

/** Fields of the form of a batch that go on to the confirmation, as texts. */
export const optionNames = [
  'window',
  'capVideos',
  'capSeconds',
  'capMoney',
  'timeZone',
  'sendAnyway',
] as const;
type OptionName = (typeof optionNames)[number];

/** A field of a form. */
export type FieldName =
  | OptionName
  | 'name'
  | 'file'
  | 'ignoreColumns'
  | 'cron'
  | 'every'
  | 'catchup';
/** What is wrong with a field: a name of a text. */
export type FaultName =
  | 'noFile'
  | 'fileTooLarge'
  | 'noName'
  | 'badName'
  | 'notWhole'
  | 'notNumber'
  | 'badTimeZone'
  | 'noWhen'
  | 'badDuration'
  | 'badCron';

/** A field that cannot be used. `detail` is from another part of the program, in English. */
export interface FieldFault {
  field: FieldName;
  fault: FaultName;
  detail?: string;
}

/** What a person wants of a batch. */
export interface BatchFields {
  name: string;
  options: Omit<VideoBatchInput, 'name' | 'manifest'>;
  /** Columns of the file to ignore. */
  ignoreColumns: string[];
  faults: FieldFault[];
}

/** Reads the fields of a batch. Called for the form and again for its confirmation, which a person may have changed. */
export function readBatchFields(
  fields: URLSearchParams,
  { fileName = '' }: { fileName?: string } = {},
): BatchFields {
  const faults: FieldFault[] = [];
  const text = (field: FieldName) => (fields.get(field) ?? '').trim();
  const number = (field: FieldName, isWhole: boolean) =>
    numberOf(text(field), (fault) => faults.push({ field, fault }), isWhole);
  const name = nameOf(text('name'), fileName, (fault) => faults.push({ field: 'name', fault }));
  const window = number('window', true);
  const videos = number('capVideos', true);
  const seconds = number('capSeconds', false);
  const money = number('capMoney', false);
  const caps = {
    ...(videos !== undefined && { videos }),
    ...(seconds !== undefined && { seconds }),
    ...(money !== undefined && { money }),
  };
  const timeZone = text('timeZone');
  if (!isTimeZone(timeZone)) faults.push({ field: 'timeZone', fault: 'badTimeZone' });
  const options = {
    ...(window !== undefined && { window }),
    ...(Object.keys(caps).length > 0 && { caps }),
    ...(timeZone !== '' && { timeZone }),
    ...(text('sendAnyway') !== '' && { sendAnyway: true as const }),
  };
  const ignoreColumns = text('ignoreColumns')
    .split(/[,，]/)
    .filter((column) => column.trim() !== '');
  return { name, options, ignoreColumns, faults };
}

type Refuse = (fault: FaultName) => void;

/** The name of a batch: given, or that of the file. */
function nameOf(given: string, fileName: string, refuse: Refuse): string {
  const name = given === '' ? nameOfFile(fileName).slice(0, 80) : given;
  try {
    return checkedBatchName(name);
  } catch {
    refuse(given === '' ? 'noName' : 'badName');
    return given;
  }
}

function numberOf(text: string, refuse: Refuse, isWhole: boolean): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && (!isWhole || Number.isSafeInteger(value))) {
    return value;
  }
  refuse(isWhole ? 'notWhole' : 'notNumber');
  return undefined;
}

function isTimeZone(name: string): boolean {
  if (name === '') return true;
  try {
    calendarDate(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}
