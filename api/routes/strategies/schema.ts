import Type from 'typebox';
import { answers, Name, Nullable } from '../../schemas.ts';

const summary = {
  id: Type.String(),
  title: Type.String(),
  params: Type.Unknown({ description: 'JSON Schema of the parameters' }),
  kernel: Type.Boolean({ description: 'whether grids run it in the signal kernel' }),
};

const tags = ['strategies'];

export const schemas = {
  list: {
    tags,
    summary: 'List the strategies with their parameters',
    response: answers({ 200: Type.Object({ items: Type.Array(Type.Object(summary)) }) }),
  },
  show: {
    tags,
    summary: 'Read a strategy with its description',
    params: Type.Object({ id: Name('the id of a strategy') }),
    response: answers({ 200: Type.Object({ ...summary, readme: Nullable(Type.String()) }) }, 404),
  },
};
