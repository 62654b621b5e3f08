import type { AddFace } from '../../serve/app.ts';
import type { ServePorts } from '../../serve/ports.ts';
import { createSpendOffers } from '../spending/spend-offers.ts';
import { approveRoutes } from './approve-routes.ts';

/** Adds the page that approves quotes, of the storage of the server. */
export function approveFace(ports: ServePorts): AddFace {
  const { storage, now } = ports;
  const offers = createSpendOffers({ storage, now });
  return (app) => approveRoutes(app, { ...ports, offers });
}
