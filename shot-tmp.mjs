import { spawn } from 'node:child_process'
import { chromium } from 'playwright-core'
import { mkdtempSync } from 'node:fs'
const out='/tmp/dlg/out'
const lab=spawn(process.execPath,['dist/cli.cjs','--data-folder',mkdtempSync('/tmp/dlg/data-'),'serve'],{stdio:['ignore','pipe','inherit']})
const url=await new Promise(r=>lab.stdout.on('data',t=>{const f=/http:\S+#token=\S+/.exec(String(t)); if(f) r(f[0])}))
const browser=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']})
const only=process.argv.slice(2)
async function openAt(lang,theme,size,before){
  const page=await browser.newPage({viewport:size,colorScheme:theme,locale:lang==='zh'?'zh-CN':'en-US'})
  page.on('pageerror',e=>console.log('ERR',e.message)); page.on('console',m=>m.type()==='error'&&console.log('CON',m.text()))
  await before?.(page)
  await page.goto(url); await page.locator('nav a[href="#/data"]').click()
  return page}
async function choose(page,path,folder){
  const c=page.waitForEvent('filechooser'); await page.locator('.drop .two button').nth(folder?1:0).click(); await (await c).setFiles(path)}
async function over(page,name){
  const bad=await page.evaluate(()=>[...document.querySelectorAll('dialog *')].filter(e=>e.scrollWidth>e.clientWidth+1 && getComputedStyle(e).overflowX!=='hidden' && e.clientWidth>0 && getComputedStyle(e).display!=='inline').map(e=>e.tagName+'.'+e.className+' '+e.scrollWidth+'>'+e.clientWidth))
  const d=await page.evaluate(()=>{const r=document.querySelector('dialog')?.getBoundingClientRect();return r?[r.left,r.top,r.right,r.bottom]:null})
  console.log(name,d,bad)
  await page.screenshot({path:`${out}/${name}.png`})}
const small={width:1024,height:700}, large={width:1280,height:800}
import { mkdirSync } from 'node:fs'; mkdirSync(out,{recursive:true})
for (const [lang,theme,size] of [['en','light',small],['zh','dark',small]]) {
  const tag=`${lang}-${theme}`
  if(!only.length||only.includes('office')){
  let page=await openAt(lang,theme,size)
  await choose(page,'/tmp/dlg/办公室物品',true)
  await page.getByTestId('import-problem').waitFor(); await over(page,`question-${tag}`)
  await page.locator('[data-choice] button').click(); await page.getByTestId('preview').waitFor(); await page.waitForTimeout(500)
  await over(page,`office-${tag}`)
  await page.getByTestId('import-keep').click(); await page.getByTestId('notice').waitFor(); await page.waitForTimeout(2500)
  await page.getByTestId('formats').locator('summary').click()
  await over(page,`data-${tag}`); await page.close()}
  if(!only.length||only.includes('home')){
  let page=await openAt(lang,theme,size)
  await choose(page,'/tmp/dlg/officehome',true); await page.getByTestId('preview').waitFor(); await page.waitForTimeout(500)
  await over(page,`home-${tag}`); await page.close()}
  if(!only.length||only.includes('vec')){
  let page=await openAt(lang,theme,size)
  await choose(page,'/tmp/dlg/features.npz',false); await page.getByTestId('preview').waitFor(); await page.waitForTimeout(300)
  await over(page,`vec-${tag}`); await page.close()
  page=await openAt(lang,theme,size)
  await choose(page,'/tmp/dlg/thesis.docx',false); await page.getByTestId('import-problem').waitFor(); await page.getByTestId('formats').last().locator('summary').click(); await over(page,`unknown-${tag}`); await page.close()}
  if(!only.length||only.includes('notes')){
  let page=await openAt(lang,theme,size,async p=>p.route('**/api/call/previewDataset',async r=>{const a=await r.fetch();const j=await a.json();
    if(j.ok) j.ok.summary.notes=Array.from({length:12},(_,i)=>({code:'files-skipped',params:{count:i+1,reason:'undecodable',names:['/a/very/long/folder/name/that/goes/on/and/on/without/any/spaces/at/all/because/people/do/that/'+'x'.repeat(80),'b.png','图像.txt'].slice(0,i%3+1)}})); await r.fulfill({json:j})}))
  await choose(page,'/tmp/dlg/officehome',true); await page.getByTestId('preview').waitFor(); await page.waitForTimeout(300)
  await page.locator('dialog .body').evaluate(e=>e.scrollTop=9999)
  await over(page,`notes-${tag}`); await page.close()}
  if(!only.length||only.includes('busy')){
  let page=await openAt(lang,theme,size,async p=>{p.route('**/api/call/previewDataset',async r=>{await new Promise(s=>setTimeout(s,4000)); await r.continue().catch(()=>{})})
    await p.routeWebSocket('**/api/events',ws=>{const s=ws.connectToServer(); globalThis.ws=ws; s.onMessage(m=>ws.send(m))})})
  let path=''; page.on('request',q=>{if(q.url().includes('previewDataset')) path=JSON.parse(q.postData()).path})
  await choose(page,'/tmp/dlg/officehome',true); await page.getByTestId('reading').waitFor(); await page.waitForTimeout(300)
  globalThis.ws.send(JSON.stringify({type:'reading',reading:{path,done:4321,total:10000,perSecond:87.3,secondsLeft:65}})); await page.waitForTimeout(300)
  await over(page,`busy-${tag}`); await page.close()}
}
await browser.close(); lab.kill('SIGTERM')
