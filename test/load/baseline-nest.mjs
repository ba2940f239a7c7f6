// Bare Nest 12 on Fastify, as its documentation starts one: a controller that takes a parsed body and answers. Prints
// its port. Plain JavaScript, decorators applied by hand: Node's type stripping refuses decorator syntax.
import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class EventsController {
  accept() {
    return { accepted: 1, rejected: [] };
  }
}
const method = Object.getOwnPropertyDescriptor(EventsController.prototype, 'accept');
Post('events')(EventsController.prototype, 'accept', method);
HttpCode(200)(EventsController.prototype, 'accept', method);
Body()(EventsController.prototype, 'accept', 0);
Controller()(EventsController);

class BaselineModule {}
Module({ controllers: [EventsController] })(BaselineModule);

const app = await NestFactory.create(BaselineModule, new FastifyAdapter({ bodyLimit: 5_242_880 }), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
process.stdout.write(`${new URL(await app.getUrl()).port}\n`);
