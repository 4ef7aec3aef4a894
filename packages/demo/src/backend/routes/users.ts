import { Router } from 'express';
import { Fields } from '../http/fields';
import { Conflict, NotFound } from '../http/http-error';
import type { Services } from '../services';
import { createUser, CURRENCIES, findUser, findUsers, listUsers, renameUser, type User } from '../store/users';
import { userEarningsRouter } from './earnings';
import { userPayoutsRouter } from './payouts';
import { userReportsRouter } from './reports';

const CACHED_SECONDS = 30;

export function usersRouter(services: Services): Router {
  const { database, cache } = services;
  const router = Router();

  router.get('/', async (request, response) => {
    const query = new Fields(request.query);
    const users =
      request.query.ids === undefined
        ? await listUsers(database, query.integer('limit', { max: 100, fallback: 20 }))
        : await usersById(services, query.integers('ids', 50));
    response.json(users);
  });

  router.post('/', async (request, response) => {
    const body = new Fields(request.body);
    const given = { name: body.text('name'), email: body.email('email'), currency: body.oneOf('currency', CURRENCIES) };
    const user = await createUser(database, given);
    if (!user) throw new Conflict('email is taken');
    response.status(201).location(`/api/users/${user.id}`).json(user);
  });

  router.get('/:id', async (request, response) => {
    const id = new Fields(request.params).integer('id');
    const user = await cache.read(`user:${id}`, CACHED_SECONDS, () => findUser(database, id));
    if (!user) throw new NotFound('user');
    response.json(user);
  });

  router.patch('/:id', async (request, response) => {
    const id = new Fields(request.params).integer('id');
    const user = await renameUser(database, id, new Fields(request.body).text('name'));
    if (!user) throw new NotFound('user');
    await cache.drop(`user:${id}`);
    response.json(user);
  });

  router.use('/:id/earnings', userEarningsRouter(services));
  router.use('/:id/payouts', userPayoutsRouter(services));
  router.use('/:id/reports', userReportsRouter(services));
  return router;
}

function usersById({ database, cache }: Services, ids: number[]): Promise<User[]> {
  const keys = [...new Set(ids)].map((id) => `user:${id}`);
  return cache.readMany(keys, CACHED_SECONDS, async (missing) => {
    const users = await findUsers(
      database,
      missing.map((key) => Number(key.slice('user:'.length))),
    );
    return new Map(users.map((user) => [`user:${user.id}`, user]));
  });
}
