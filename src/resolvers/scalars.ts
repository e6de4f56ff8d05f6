import { GraphQLScalarType } from 'graphql';

/** Values of `DateTime` were checked where they came in, and go out as upstream wrote them. */
export const dateTime = new GraphQLScalarType<string, string>({ name: 'DateTime' });

/** A JSON number while every whole number up to it is exact in a double, a string of digits beyond. */
export const bigInt = new GraphQLScalarType<bigint, number | string>({
  name: 'BigInt',
  serialize(value) {
    if (typeof value !== 'bigint')
      throw new TypeError(`BigInt must be a bigint, received a ${typeof value}`);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  },
});
