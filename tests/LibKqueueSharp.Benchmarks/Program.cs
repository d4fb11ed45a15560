using LibKqueueSharp.Benchmarks;

return new Commands().Run(args);
