// The face of the package.
export * from './dp/index.ts';
