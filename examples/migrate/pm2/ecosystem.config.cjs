module.exports = {
  apps: [
    {
      name: 'cats',
      script: './server.cjs',
      exec_mode: 'cluster',
      instances: 2,
      wait_ready: true,
      listen_timeout: 10_000,
      kill_timeout: 5000,
      max_memory_restart: '512M',
      env: { PORT: 8000, NODE_ENV: 'production' },
    },
  ],
};
