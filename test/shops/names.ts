/** Names under which n8n's own nodes look for the services. They are those of the recipes as they are shipped, so that no recipe has to be changed for a test. */
export const HOSTS = {
	shopify: 'your-shop.myshopify.com',
	shopifyCdn: 'cdn.shopify.com',
	shopifyUploads: 'shopify-video-production-core-originals.storage.googleapis.com',
	woocommerce: 'shop.example.com',
	pim: 'pim.example.com',
	storage: 's3.example.com',
	slack: 'slack.com',
	instagram: 'graph.facebook.com',
	sheets: 'sheets.googleapis.com',
	googleLogin: 'accounts.google.com',
	googleTokens: 'oauth2.googleapis.com',
	model: 'api.openai.com',
} as const;

/** Where the shops call back: n8n's own address as the internet would know it. Deliveries to it are led to the n8n under test. */
export const PUBLIC_N8N = 'https://n8n.example.com';
