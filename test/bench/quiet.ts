/** Before n8n-core reads it: a log line for each task would bury the tables. */
process.env.N8N_LOG_LEVEL = 'silent';
