# The demo's backend with the preload, for the profile `backend`. Not a template for your own image: it builds this whole repository.
FROM node:22.21.1-slim
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts && npx tsc -b packages/demo
USER node
EXPOSE 3001
CMD ["node", "-r", "@earntrack/otel-preload", "packages/demo/dist/src/backend/main.js"]
