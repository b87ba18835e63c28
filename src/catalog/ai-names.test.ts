/** How well bare names tell AI products from others: real and invented names of both sides, and what is found of each half. */

import { expect, it } from "vitest";
import { hash32 } from "#base/hash.ts";
import { identifyAi } from "./ai.ts";

/** Products that are AI, or say so. */
const AI = (
  "ChatGPT|ChatGPT Team Connector|OpenAI|Codex CLI|Claude for Slack|" +
  "Claude Code GitHub Action|Anthropic Console|Gemini for Workspace|NotebookLM Plus|" +
  "Google AI Studio|Microsoft 365 Copilot Chat|Copilot Studio Agent|Security Copilot|" +
  "GitHub Copilot Coding Agent|Perplexity Enterprise|Comet Browser by Perplexity|" +
  "Mistral Le Chat|DeepSeek|Qwen Chat|Kimi AI Assistant|Grok Business|xAI API|Meta AI|" +
  "Llama Stack Server|Cohere North|Hugging Face Hub|Groq Cloud Console|Together AI|" +
  "Fireworks AI|Replicate|OpenRouter|LangSmith|LangChain Hub|LlamaIndex Cloud|" +
  "CrewAI Enterprise|AutoGen Studio|Flowise|Dify Cloud|n8n AI Agent|Relevance AI|Lindy|" +
  "Lindy AI Assistant|Gumloop|Bardeen AI|Manus AI|Genspark|Devin|Cursor|Windsurf Editor|" +
  "Codeium|Tabnine|Sourcegraph Cody|Augment Code|Replit Agent|Lovable.dev|Bolt.new|" +
  "v0 by Vercel|Cline|Roo Code|Aider|Continue.dev|Qodo Merge|CodeRabbit|Greptile|" +
  "Graphite Diamond AI|Otter.ai Notetaker|Fireflies.ai|Fathom AI Notetaker|" +
  "Read AI Meeting Manager|Granola|tl;dv|Avoma Assistant|Gong AI|Sembly AI|MeetGeek|" +
  "Supernormal|Fellow AI Notetaker|Krisp AI|Tactiq|Notta|Jamie AI|Bluedot Meeting Recorder|" +
  "Circleback|Laxis|Airgram|Nyota AI|Spinach AI|Zoom AI Companion|Webex AI Assistant|" +
  "Slack AI|Agentforce for Slack|Einstein Copilot|Glean|Glean Assistant|Dust AI|" +
  "Guru AI Answers|Notion AI|Coda AI|ClickUp Brain AI|Atlassian Rovo|Rovo Dev Agent|" +
  "Asana AI Studio|monday AI Agent|Moveworks|Aisera Virtual Agent AI|Leena AI|" +
  "Forethought AI|Intercom Fin|Decagon AI|Sierra AI Agent|Ada AI Agent|Zendesk AI Agents|" +
  "Jasper AI|Copy.ai|Writesonic|Writer AI Studio|Grammarly|QuillBot|Wordtune AI|" +
  "HyperWrite AI|Superhuman AI|Shortwave AI|Fyxer AI|Ellie AI Email|Flowrite AI|" +
  "Mailmaestro AI|Reclaim AI|Motion AI Calendar|Clockwise AI|x.ai Scheduler|Synthesia|" +
  "HeyGen|ElevenLabs|Runway ML|Midjourney Bot|DALL-E Generator|Stable Diffusion Bot|" +
  "Descript|OpusClip|Gamma AI|Beautiful.ai|Tome|Napkin AI|Canva AI Magic Studio|Harvey AI|" +
  "CoCounsel|Spellbook AI Contracts|Robin AI|Luminance AI|Hebbia|AlphaSense AI|Elicit|" +
  "Consensus AI|SciSpace AI|ChatPDF|AskYourPDF|Humata AI|Julius AI|Rows AI|Equals AI|Akkio|" +
  "Obviously AI|Power BI Copilot|Databricks Genie AI|Snowflake Cortex AI|github-mcp-server|" +
  "Notion MCP|Linear MCP Server|Atlassian Remote MCP|Slack MCP Client|Zapier MCP|mcp-remote|" +
  "Figma MCP Bridge|Postgres MCP Toolbox|n8n-mcp|Playwright MCP|" +
  "Claude Desktop MCP Connector|Smithery MCP Gateway|Composio MCP|company-gpt|InternalGPT|" +
  "AcmeChat GPT|HR Policy LLM Bot|RAG Knowledge Bot|Invoice Copilot|Sales Copilot by Acme|" +
  "Legal AI Review|Meeting Summarizer|AI Inbox Zero|AI SDR Agent|Prompt Studio|" +
  "AI-Powered Form Filler|Smart Notetaker Bot|Voice Transcriber|Auto Transcribe Calls|" +
  "Chatbot GPT-4o|gpt-4o-mini worker|claude-sonnet batch|gemini-pro-summarizer|" +
  "llama3-rag-service|ollama-proxy|vLLM inference gateway|LiteLLM Proxy|OpenWebUI|LibreChat|" +
  "AnythingLLM|Langfuse|Weights & Biases Weave|Browser Use Agent|Operator by OpenAI|" +
  "Computer Use Agent|AutoGPT Runner|BabyAGI|OpenClaw|Goose Agent|Warp AI|" +
  "Amazon Q Developer|Amazon Q Business|Bedrock Agent Runner|Vertex AI Search|" +
  "watsonx Assistant|Einstein GPT|Oracle Digital Assistant AI|SAP Joule|" +
  "ServiceNow Now Assist|Workday Illuminate AI|HubSpot Breeze AI|Salesloft Rhythm AI|" +
  "Apollo AI|Clay AI Enrichment|11x AI SDR|Artisan AI|Regie.ai|Lavender AI|Crystal AI|Poe|" +
  "Character.AI|Pi AI|Replika AI|You.com|Phind|Andi Search AI|Kagi Assistant AI|Merlin AI|" +
  "Monica AI|Sider|MaxAI|HARPA AI|Compose AI|Text Blaze AI|Speechify|Murf AI|" +
  "Play.ht AI Voice|Rev AI|AssemblyAI|Deepgram|Whisper Transcription|Sonix AI|" +
  "Happy Scribe AI|Trint AI|Verbit AI|DeepL Write|Taskade AI|Mem AI|Reflect AI Notes|" +
  "Limitless AI|Rewind AI|Bee AI|Plaud Note|Plaud AI"
).split("|");

/** Products, teams and things that are not, many of them one letter or one meaning away. */
const NOT_AI = (
  "Airtable|Mailchimp|OpenTable|Claudia's Bakery|Snapchat Ads|Domain Manager|" +
  "Q3-risk-register.xlsx|desk-booking.csv|main()|Air France Booking|Airbnb for Work|" +
  "Fairmont Hotels|Maintenance Scheduler|Mailgun|Mailtrap|Email on Acid|Gmail Backup|" +
  "Retail Dashboard|Trailhead|Rails Console|Jail Cell Tracker|Praise Bot|Raise Request|" +
  "Chairlift Tickets|Captain's Log|Paint|Paid Leave Tracker|Daily Standup|Daily Digest|" +
  "Thailand Office Lunch|Dubai Travel Desk|Shanghai Warehouse|Hawaii Trip Planner|" +
  "Taiwan Payroll|Mumbai IT Helpdesk|Brain Teasers|Training Portal|Waiting List|" +
  "Email Signature Manager|Claim Tracker|Container Registry|Kubernetes Dashboard|GitLab CI|" +
  "Jenkins|CircleCI|Dependabot|Renovate|Terraform Cloud|PagerDuty|Datadog|New Relic|Sentry|" +
  "Statuspage|Opsgenie|Trello|Asana|Jira Cloud|Confluence Cloud|Basecamp|Smartsheet|" +
  "Calendly|Doodle|Zoom|Zoom for Outlook|Webex Meetings|GoTo Meeting|RingCentral|" +
  "Dialpad Connect|Vonage|Twilio SendGrid|HubSpot CRM|Salesforce Connector|Pipedrive|" +
  "Zoho CRM|Freshdesk|Zendesk Support|Intercom Messenger|Docusign|Adobe Acrobat Sign|" +
  "PandaDoc|Dropbox|Box for Office|OneDrive Sync|Google Drive Backup|Spanning Backup|" +
  "Backupify|Veeam Backup for M365|Mimecast|Proofpoint|Barracuda Sentinel|KnowBe4 PAB|" +
  "CodeTwo Signatures|Exclaimer Cloud|LastPass|1Password SCIM|Okta|Duo Admin|JumpCloud|" +
  "BambooHR|Workday|Gusto|Rippling|ADP Workforce|SAP Concur|Expensify|QuickBooks Online|" +
  "Xero|NetSuite SuiteTalk|Stripe Dashboard|Shopify Flow|WooCommerce Sync|Etsy Sync|" +
  "Mail Merge|Yet Another Mail Merge|GMass|Form Publisher|Autocrat|Doc Appender|Lucidchart|" +
  "Miro|Figma|InVision|Canva|Giphy|Polly|Donut|Geekbot|Simple Poll|Kudos Bot|Birthday Bot|" +
  "Lunch Roulette|Standup Alice|Troops|Workast|Halp|Rota Bot|On-call Rotation|" +
  "Incident Commander|Deploy Bot|Release Notes Bot|Build Notifier|RSS Feed|GitHub|" +
  "Bitbucket Cloud|Azure DevOps|Power Automate|Microsoft Flow Service|" +
  "SharePoint Migration Tool|Graph Explorer|Exchange Online PowerShell|Azure CLI|" +
  "Teams Admin Agent Desk|Travel Agent Portal|Real Estate Agent CRM|Insurance Agent Portal|" +
  "SQL Server Agent|Datadog Agent|Azure Monitor Agent|Okta AD Agent|Backup Agent|" +
  "VM Agent Updater|Zabbix Agent|Cloud Sync Agent|FBI Agent Trivia|Agent Scheduler|" +
  "Booking Agent|Chat Widget|LiveChat|Olark Chat|Chatter|Crisp Chat|Tawk.to|" +
  "WhatsApp Business|Telegram Notifier|Claude Monet Calendar|Gemini Horoscope|" +
  "Gemini Crypto Exchange|Cursor Themes|Bolt Rides|Lyft Business|Perplexing Puzzles|" +
  "Mistral Wind Sailing|Mistral Sailing Club|Llama Farm Visits|Falcon 9 Launch Calendar|" +
  "Phoenix Suns Schedule|Copilot Flight Logbook|Pilot Training Log|Autopilot Payroll|" +
  "Flight Copilot Checklists|Jasper National Park|Jasper County Schools|Harvey Nichols|" +
  "Harvey Norman Orders|Otter Creek Brewery|Sea Otter Rescue|Grain Trading|Granola Recipes|" +
  "Fathom Boat Depth Charts|Fireflies Camp|Read Later|Read Receipts|Readwise|" +
  "Writer's Guild Directory|Copywriter Invoices|Typewriter Font|Sider Press|" +
  "Poe Museum Tickets|Edgar Allan Poe Society|Lindy Hop Dance Club|Devin Booker Fan Page|" +
  "Cody Wyoming Tourism|Ada County Permits|Ada Lovelace Day|Sierra Club|" +
  "Sierra Nevada Orders|Gamma Ray Lab|Runway Fashion Show|Airport Runway Status|" +
  "Synthesizer Store|Descriptor Tool|Dust Bunnies Cleaning|Motion Picture Tickets|" +
  "Motion Sensor Alerts|Reclaim Tax Refund|Clockwise Watch Repair|Spinach Recipes|" +
  "Supernormal Restaurant|Notation Music|Napkin Orders|Tome Library|Glean Harvest|" +
  "Gleaning Volunteers|Guru Yoga|Moveworks Relocation|Genie Lamp Shop|Magic Link Login|" +
  "Whisper Room Booking|Rev Limiter|Warp Drive Sim|Goose Island Beer|Fin and Feather|" +
  "Rove Hotels|Joule Heating Monitor|Amazon Seller Central|Amazon Business|Apollo Theater|" +
  "Clay Pottery|Crystal Reports|Crystal Palace Tickets|Lavender Farm|Artisan Bread|Pi Day|" +
  "Raspberry Pi Monitor|Merlin Entertainments|Monica Payroll|Mem Cache Stats|" +
  "Reflect Mirror Sync|Bee Keeping Log|GPT Partition Checker|LLM Law Degree Admissions|" +
  "MCP Exam Vouchers|Master Control Panel|AI Weiwei Exhibition|Adobe Illustrator AI Export|" +
  "Prompt Payment Reminders|Prompter|Teleprompter|Transcript Requests|" +
  "University Transcripts|Meeting Room Display|Meeting Notes|Note Taking Templates|" +
  "Meeting Cost Calculator|Summary Report|Summarize Column|Assistant Manager Rota|" +
  "Executive Assistant Inbox|Dental Assistant Portal|Virtual Machine Manager|" +
  "Virtual Assistant Payroll|Learning Management System|Machine Shop Orders|" +
  "Deep Cleaning Service|DeepFreeze|Neural Therapy Clinic|Intelligence Briefing|" +
  "Business Intelligence Export|Artificial Turf Store|Model Train Club|3D Model Viewer|" +
  "Data Model Docs|Vector Graphics Tool|Embedding Widget|Token Ring|" +
  "Inference Statistics Course|Generation Z Survey|Generate Invoice|Automate.io Legacy|" +
  "Robot Vacuum|Robo Advisor Statement|The Economist|AIG Claims|AIA Conference|AID Relief|" +
  "AIX Patching|AIM Messenger|AI-14 Bus Schedule|Claims AI-2 Form|SAIC Portal|UAI Airport|" +
  "Bonsai Garden|Samurai Sudoku|Haiku Deck|Kauai Tours"
).split("|");

/** Names are all that is given: no id, no domain, no publisher, no user agent. */
const isFound = (name: string): boolean => identifyAi({ platform: "okta", name }) !== null;

/**
 * The catalogue was written with one half in view. The other was measured and left alone, so it says how products fare that
 * nobody had thought of; who adds one of its names to the catalogue moves the floor, not the product.
 */
it.each([
  { half: 0, name: "seen", precisionMin: 0.99, recallMin: 0.95 },
  { half: 1, name: "held out", precisionMin: 0.99, recallMin: 0.8 },
])("$name half: precision and recall", ({ half, precisionMin, recallMin }) => {
  const ai = AI.filter((name) => hash32(name) % 2 === half);
  const others = NOT_AI.filter((name) => hash32(name) % 2 === half);
  const found = ai.filter(isFound).length;
  const wrong = others.filter(isFound);
  expect(ai.length).toBeGreaterThan(100);
  expect(others.length).toBeGreaterThan(100);
  expect(found / (found + wrong.length), wrong.join(", ")).toBeGreaterThanOrEqual(precisionMin);
  expect(found / ai.length).toBeGreaterThanOrEqual(recallMin);
});

it.each([
  "Airtable",
  "Mailchimp",
  "OpenTable",
  "Claudia's Bakery",
  "Snapchat Ads",
  "Domain Manager",
  "Q3-risk-register.xlsx",
  "desk-booking.csv",
  "main()",
  "AI-14 Bus Schedule",
  "Dana Reyes, MCP",
])("%s is no AI", (name) => expect(isFound(name)).toBe(false));

it("how sure it is depends on what was seen", () => {
  const sure = [
    { domains: ["otter.ai"] },
    { name: "Otter.ai" },
    { name: "Postgres MCP Toolbox" },
    { name: "Zoom call transcriber" },
    { name: "Sync", userAgents: ["Claude-User"] },
  ].map((known) => identifyAi({ platform: "okta", ...known })?.confidence);
  expect(new Set(sure).size).toBe(sure.length);
});
