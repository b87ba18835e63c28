/** Disguised names fold to what they imitate, and innocent names imitate nothing. */

import { describe, expect, it } from "vitest";
import { abusedApps } from "./apps.ts";
import { brands, claimsBrand, lookalike, ownsBrand, skeleton } from "./names.ts";

describe("skeleton", () => {
  it.each([
    ["Microsoft", "Мicrоsоft"],
    ["Microsoft", "M1CR0S0FT"],
    ["Microsoft", "Ｍｉｃｒｏｓｏｆｔ"],
    ["Microsoft", "𝐌𝐢𝐜𝐫𝐨𝐬𝐨𝐟𝐭"],
    ["Microsoft", "Micro\u200bsoft"],
    ["PayPal", "PaypaI"],
    ["Amazon", "Arnazon"],
    ["Power BI", "power-bi"],
    ["Café", "cafe"],
  ])("%s and %s read the same", (a, b) => expect(skeleton(a)).toBe(skeleton(b)));

  it("different words stay different", () => {
    expect(skeleton("Slack")).not.toBe(skeleton("Slick"));
    expect(skeleton("")).toBe("");
    expect(skeleton("日本語")).toBe("日本語");
  });
});

describe("look-alikes", () => {
  it.each([
    ["Mісrоsоft Teams", "Microsoft Teams", "homoglyph"],
    ["ShaгеPoint Online", "SharePoint Online", "homoglyph"],
    ["ОпeDrive for Business", "OneDrive for Business", "homoglyph"],
    ["Sharеpoiпt Cloud", "SharePoint", "homoglyph"],
    ["Мicгoѕоft. Сloud App Ѕесuгity", "Microsoft", "homoglyph"],
    ["Adobе Acrobat", "Adobe Acrobat", "homoglyph"],
    ["Zооm", "Zoom", "homoglyph"],
    ["Claudе", "Claude", "homoglyph"],
    ["Mícrosoft", "Microsoft", "homoglyph"],
    ["Ｍicrosoft", "Microsoft", "homoglyph"],
    ["𝐒𝐥𝐚𝐜𝐤", "Slack", "homoglyph"],
    ["SIack", "Slack", "homoglyph"],
    ["PaypaI", "PayPal", "homoglyph"],
    ["Arnazon", "Amazon", "homoglyph"],
    ["My ShаrеPointOnline2025", "SharePoint Online", "homoglyph"],
    ["M1crosoft Support", "Microsoft", "leet"],
    ["Micros0ft", "Microsoft", "leet"],
    ["S1ack", "Slack", "leet"],
    ["0kta", "Okta", "leet"],
    ["G00gle", "Google", "leet"],
    ["Dr0pbox Sync", "Dropbox", "leet"],
    ["Sal3sforce", "Salesforce", "leet"],
    ["0365 Access | Mail Client", "O365", "leet"],
    ["Outl00k", "Outlook", "leet"],
    ["0penAI", "OpenAI", "leet"],
    ["Sl\u200back", "Slack", "invisible"],
    ["Slack\u200b", "Slack", "invisible"],
    ["Git\u00adHub", "GitHub", "invisible"],
    ["Doc\u2060usign", "Docusign", "invisible"],
    ["Mircosoft", "Microsoft", "typo"],
    ["Microsofft", "Microsoft", "typo"],
    ["Nicrosoft", "Microsoft", "typo"],
    ["Gooogle Drive", "Google", "typo"],
    ["GitHubb", "GitHub", "typo"],
    ["Githuh", "GitHub", "typo"],
    ["Dropboxx", "Dropbox", "typo"],
    ["Docusgn", "Docusign", "typo"],
    ["DocuSing", "Docusign", "typo"],
    ["Zapler", "Zapier", "typo"],
    ["Zendsk", "Zendesk", "typo"],
    ["Calendley", "Calendly", "typo"],
    ["Atlasian", "Atlassian", "typo"],
    ["Hubsppt", "HubSpot", "typo"],
    ["Grammerly", "Grammarly", "typo"],
    ["ChatGTP", "ChatGPT", "typo"],
    ["Anthroplc", "Anthropic", "typo"],
    ["Sales force Authentificator for Slaesforce", "Salesforce", "typo"],
  ])("%s imitates %s by %s", (name, brand, how) => {
    expect(lookalike(name)).toEqual({ brand, how });
  });

  it("finds every disguised name that was seen in campaigns", () => {
    const disguised = abusedApps()
      .flatMap((app) => app.names)
      .filter((name) => /[\u0370-\u058f]/.test(name));
    expect(disguised.length).toBeGreaterThan(5);
    for (const name of disguised) expect(lookalike(name), name).not.toBeNull();
  });
});

describe("innocent names", () => {
  it.each([
    // One letter from a brand of four or five letters: there is no end of such words.
    ..."Slick|Zoomer|Loon|Okra|Sauna|Mirror|Boxing|Snack|Stack|Clack".split("|"),
    // Common words and other products beside a longer brand.
    ..."Motion|Nation Builder|Hammer|Locker|OpenAPI|Stripes|Strike|Rapier|Linear|Liner Notes".split(
      "|",
    ),
    ..."Monday|Workdays|Entry|Sentry|Notions|Confluent|Goggles|Datadogs|Intercoms|Salesforces".split(
      "|",
    ),
    ..."Spotify|Zappos|Trellis|Claudia Planner|Claudel|Fig|Canvas LMS|Looms|Slackline Club".split(
      "|",
    ),
    ..."Airtable|Fair Table|Team Mood|Calendar|Friendly|Geminid Watch|Snowflakes|Square|Squared".split(
      "|",
    ),
    // The brands themselves, however they are spaced or cased.
    ..."Microsoft Teams|SLACK|GitHub|Git Hub|Git-Hub|Slack!|n8n|1Password|Power BI|iCloud|O365".split(
      "|",
    ),
    // Other scripts, accents and emoji are not a disguise.
    ..."Почта|Календарь|Ελλάδα Τιμολόγια|Miró Museum|Café Bot|Ｓｌａｃｋ|日本語ボット|Emoji 👩‍💻 Bot".split(
      "|",
    ),
    ..."G Mall|Order 0365 Sync|2024|Web 3|Level 5|Area 51 Bot|Covid19 Dashboard|R2D2".split("|"),
    "",
    " ",
    "\u200b",
  ])("%j", (name) => expect(lookalike(name)).toBeNull());

  it("each brand's own name is never a look-alike", () => {
    for (const { name } of brands()) expect(lookalike(name), name).toBeNull();
  });

  it("the platform's own app and the verified owner may spell as they like", () => {
    const name = "Mіcrosoft Azure CLI";
    const nativeId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    expect(lookalike(name, { platform: "microsoft", nativeId })).toBeNull();
    expect(
      lookalike(name, { publisherVerified: true, domains: ["login.microsoft.com"] }),
    ).toBeNull();
    expect(lookalike(name, { publisherVerified: true, domains: ["example.com"] })).not.toBeNull();
    expect(
      lookalike(name, { publisherVerified: false, domains: ["microsoft.com"] }),
    ).not.toBeNull();
  });

  it("a very long name costs no more than a long one", () => {
    expect(lookalike("ab ".repeat(100_000))).toBeNull();
    expect(claimsBrand("ab ".repeat(100_000))).toBeNull();
  });
});

describe("claims", () => {
  it.each([
    ["Microsoft Teams Support", "Microsoft Teams"],
    ["microsoft teams", "Microsoft Teams"],
    ["Git Hub", "GitHub"],
    ["DocuSign-2025", "Docusign"],
    ["Google Drive Sync Tool", "Google Drive"],
    ["Box", "Box"],
    ["Box for Slack", "Box"],
    ["Slack Support", "Slack"],
    ["Zoom Account Verification", "Zoom"],
  ])("%s claims %s", (name, brand) => expect(claimsBrand(name)?.name).toBe(brand));

  it.each([
    "Box Office Times",
    "Slack Time Calculator",
    "Zoom Lens Catalogue",
    "Snowflake Wedding Planner",
    "Exporter for GitHub",
    "Boxing Club",
    "Mircosoft",
    "",
  ])("%j claims nobody's name", (name) => expect(claimsBrand(name)).toBeNull());

  it("a claim is true where a domain is the owner's", () => {
    const brand = claimsBrand("Microsoft Teams Support");
    if (brand === null) throw new Error("the claim was not seen");
    expect(brand.vendor).toBe("Microsoft");
    expect(ownsBrand(brand, { domains: ["https://teams.microsoft.com/go"] })).toBe(true);
    expect(ownsBrand(brand, { domains: ["microsoft.com.example.com"] })).toBe(false);
    expect(ownsBrand(brand, { domains: ["notmicrosoft.com", "sway.office.com"] })).toBe(false);
    expect(ownsBrand(brand, {})).toBe(false);
  });

  it("anybody can publish below a host of Google, so it does not speak for Google", () => {
    const brand = claimsBrand("Google Drive");
    if (brand === null) throw new Error("the claim was not seen");
    expect(ownsBrand(brand, { domains: ["script.google.com"] })).toBe(false);
    expect(ownsBrand(brand, { domains: ["accounts.google.com"] })).toBe(true);
  });

  it("an AI brand is owned by its product's domains", () => {
    const brand = claimsBrand("ChatGPT");
    if (brand === null) throw new Error("the claim was not seen");
    expect(ownsBrand(brand, { domains: ["auth.openai.com"] })).toBe(true);
    expect(ownsBrand(brand, { domains: ["chatgpt.example.com"] })).toBe(false);
  });
});
