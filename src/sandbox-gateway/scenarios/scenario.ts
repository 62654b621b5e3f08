import type { Answer } from '../answer.ts';
import type { CreateRequest } from '../create-request.ts';
import type { Exchange } from '../exchange.ts';
import type { Course, Job, Row } from '../job.ts';

/** The phase of a job on which a scenario acts. */
export type Phase = 'submit' | 'poll' | 'download' | 'search' | 'log' | 'models' | 'callback';

/** One of the two status routes. */
export type Route = 'generations' | 'videos';

interface Traits {
  /** Number in docs/faults.md. */
  number: number;
  name: string;
  /** One line of help, with variants and the meaning of the number. */
  line: string;
  /** Affects this many requests of one identity. Default: all. */
  times?: number;
  /** Meaning of a number after `=`: `times` (default), or a scenario-specific value. */
  numberSets?: 'times' | 'value';
  /** Words allowed after `=`; `any` allows every word. */
  variants?: readonly string[] | 'any';
}

/** A selected scenario with its parameters. */
export interface Chosen {
  scenario: Scenario;
  /** The original text. */
  text: string;
  times: number;
  value: number | null;
  variant: string | null;
}

/** Context of the request on which a scenario acts. */
interface Context {
  exchange: Exchange;
  variant: string | null;
  value: number | null;
  /** Number of the request of this identity, from 1. */
  nth: number;
  times: number;
  origins: Origins;
}

/** The two origins of a run, without trailing slash. */
export interface Origins {
  gateway: string;
  media: string;
}

/** A successful create: the paid job and the normal response. */
export interface Accepted {
  job: Job;
  reply: Record<string, unknown>;
  headers: Record<string, string>;
}

/** Operations for submit scenarios. */
export interface SubmitContext extends Context {
  request: CreateRequest;
  /** Charges the account, starts the vendor's job and stores the row. */
  accept: (changes?: Partial<Pick<Job, 'id' | 'kind'>>) => Accepted;
  /** Starts an unpaid vendor job without a row. */
  orphan: () => string;
  /** Paid jobs that have not ended. */
  running: () => number;
  /** Waits in gateway milliseconds; false if the client disconnected meanwhile. */
  stillThere: (gatewayMs: number) => Promise<boolean>;
  /** Whether this connection was used before. */
  connectionUsedBefore: boolean;
}

/** Acts on a create; null gives the usual response. */
export interface SubmitScenario extends Traits {
  phase: 'submit';
  answer: (context: SubmitContext) => Answer | null | Promise<Answer | null>;
}

/** Operations for poll scenarios. */
export interface PollContext extends Context {
  job: Job;
  row: Row;
  route: Route;
  /** Parsed body of the usual response. It may be changed. */
  body: (row?: Partial<Row>) => Record<string, unknown>;
  /** The signed address on the media origin, '' until the job has ended. */
  directUrl: string;
  contentUrl: string;
  /** Issues a new signed address that expires after this many gateway milliseconds. */
  renewUrl: (validMs: number) => void;
  /** The file the vendor made. */
  file: () => Buffer;
}

/** Replaces a job's course, or acts on single polls; null gives the usual response. */
export interface PollScenario extends Traits {
  phase: 'poll';
  course?: (chosen: Chosen) => Course;
  /** Counts and acts on polls of an ended job only; absent means every poll. */
  when?: 'finished';
  routes?: readonly Route[];
  answer?: (context: PollContext) => Answer | null;
  /** Delays the status by this many gateway milliseconds for each unfinished job up to this one. */
  lagMs?: (chosen: Chosen) => number;
  /** The API key counts as used up while the scenario affects polls: balance 0, `/content` and models refused. */
  spendsKey?: true;
  /** `/content` gives 404 while the scenario affects polls. */
  hidesContent?: true;
}

/** Where a download request arrived. */
export type ScenarioPlace = 'content' | 'media';

/** Operations for download scenarios. */
export interface DownloadContext extends Context {
  job: Job;
  row: Row;
  place: ScenarioPlace;
  /** The file the vendor made. */
  file: Buffer;
  /** Number of the signed address that was used, from 0; `content` counts as the newest. */
  issue: number;
  directUrl: string;
  contentUrl: string;
  /** The run's only valid key. */
  apiKey: string;
  /** The usual answer: at `content` a redirect, at `media` the bytes, ranges honoured. */
  normal: (file?: Buffer) => Answer;
}

/** Which addresses the status routes show. */
export type Via = 'direct' | 'content' | 'content-first';

/** Acts on download requests; null gives the usual response. */
export interface DownloadScenario extends Traits {
  phase: 'download';
  /**
   * What the status routes show as the result: the media address (default), `/content`, or
   * `/content` in the first place and the media address behind it.
   */
  via?: Via | ((variant: string | null) => Via);
  /** Where it counts and acts; absent means at the media origin. */
  places?: readonly ScenarioPlace[];
  answer?: (context: DownloadContext) => Answer | null;
}

/** Acts on the task log of the dashboard. */
export interface SearchScenario extends Traits {
  phase: 'search';
  /** Replaces the log. */
  answer?: (context: { variant: string | null }) => Answer;
  /** Whether rows of the log contain the prompt. */
  keepsPrompt?: (variant: string | null) => boolean;
}

/** A row of the request log. */
export interface LogEntry {
  type: 'charge' | 'error' | 'refund';
  /** '' for later events of a job. */
  requestId: string;
  quota: number;
  jobId?: string;
  /** What a difference settles. */
  settledQuota?: number;
}

/** The rows of a create, shown some gateway milliseconds later. */
export interface LogPlan {
  rows: LogEntry[];
  lagMs?: number;
}

/** A create in the log. */
export interface LogContext {
  requestId: string;
  /** The charge of a paid job, otherwise nothing. */
  charge: LogEntry[];
  /** The error of a fault, otherwise nothing. */
  error: LogEntry[];
  paid: { jobId: string; price: number } | null;
  variant: string | null;
  value: number | null;
}

/** Acts on the request log, create by create, or on the limiter of its route. */
export interface LogScenario extends Traits {
  phase: 'log';
  /** Rows of the log; empty without a scenario. */
  rows: (context: LogContext) => LogPlan;
  /** The calls are used up. */
  limited: (variant: string | null) => boolean;
}

/** Acts on the list of models; null gives the usual response. */
export interface ModelsScenario extends Traits {
  phase: 'models';
  answer: (context: Context) => Answer | null;
}

/** How the host makes the callback of a job. */
export interface CallbackPlan {
  /** Equal events at the end. Default 1. */
  copies?: number;
  /** Gateway milliseconds between the end and the callback. */
  lateMs?: number;
  /** Events at each beat before the end. */
  perBeat?: number;
  /** These events say that the job has ended. */
  saysFinal?: true;
  /** Signed with another key. */
  forged?: true;
  /** Signed with a time that long ago. */
  agedSeconds?: number;
}

/** Acts on the callbacks of a job. */
export interface CallbackScenario extends Traits {
  phase: 'callback';
  /** The host refuses submits with a callback. */
  refuses?: true;
  plan: (chosen: Chosen) => CallbackPlan;
}

/** A named behaviour of the sandbox gateway. */
export type Scenario =
  | CallbackScenario
  | ModelsScenario
  | SubmitScenario
  | PollScenario
  | DownloadScenario
  | SearchScenario
  | LogScenario;
