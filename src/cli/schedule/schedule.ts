import type { CommandEntry } from '../context.ts';

/** `onetake schedule …`, in the order of the help. */
export const scheduleCommands: Readonly<Record<string, CommandEntry>> = {
  create: {
    summary: 'run a batch on a schedule, or change that schedule',
    load: async () => (await import('./create.ts')).configureScheduleCreate,
  },
  list: {
    summary: 'list schedules',
    load: async () => (await import('./list.ts')).configureScheduleList,
  },
  show: {
    summary: 'show when a schedule fires, and what it did',
    load: async () => (await import('./list.ts')).configureScheduleShow,
  },
  pause: {
    summary: 'pause a schedule',
    load: async () => (await import('./act.ts')).configureSchedulePause,
  },
  resume: {
    summary: 'resume a paused schedule',
    load: async () => (await import('./act.ts')).configureScheduleResume,
  },
  trigger: {
    summary: 'fire a schedule now',
    load: async () => (await import('./act.ts')).configureScheduleTrigger,
  },
  backfill: {
    summary: 'fire a schedule for past times',
    load: async () => (await import('./act.ts')).configureScheduleBackfill,
  },
  delete: {
    summary: 'delete a schedule; batches under way continue',
    load: async () => (await import('./act.ts')).configureScheduleDelete,
  },
};
