/**
 * `npm run bench:day`: a simulated day of 5,000 videos over eight models, in less than a minute and without a server. Polls
 * per video, lateness and error of the expected time, for the schedules `beat` and `learned`. The seed is fixed.
 *
 * Prints the tables of docs/polling.md. Each schedule begins the day without any knowledge.
 */
import { dayTable, historyTable } from './day/day-table.ts';
import { simulateDay } from './day/simulate-day.ts';

const days = { beat: await simulateDay('beat'), learned: await simulateDay('learned') };
process.stdout.write(`${dayTable(days)}\n\n${historyTable(days)}\n`);
